"""The gradebook of the demo's Moodle: items, grades, totals and how Moodle prints them."""
