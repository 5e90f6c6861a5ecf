"""What each person of the story does in their own browser, in the words that they read."""
