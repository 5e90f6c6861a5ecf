"""Pages for people: the front page where one chooses who to be, courses, the gradebook."""
