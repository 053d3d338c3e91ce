"""Single-item inventory policies, exactly, for many items at once: what a policy costs, and which one is best."""
