"""The past as a judge: what would have been said at earlier origins, beside named methods, and what came."""
