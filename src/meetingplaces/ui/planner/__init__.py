"""The planner's pages: one file per page, and what they share."""
