"""One batch run, pure: snapshot and settings in, plan out."""
