"""``webservice/rest/server.php``: the functions that the tool uses, answered as Moodle 4.5 answers."""
