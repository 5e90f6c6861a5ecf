"""The methods of the client, one module per part of Moodle; `client.py` joins them."""
