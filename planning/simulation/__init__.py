"""What rules would have done: the plan's own and rules of thumb, on what came or on what may come."""
