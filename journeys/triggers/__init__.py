"""Who enters, and when: one file per kind of trigger, compiled from the trigger node's settings. Pure."""
