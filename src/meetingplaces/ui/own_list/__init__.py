"""A planner's own list of places: the page that takes it in."""
