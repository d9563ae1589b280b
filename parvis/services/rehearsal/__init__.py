"""Running a call on a virtual clock: invented people, the same services, and a report of what would have happened."""
