"""OneID: one customer behind many identities. Profiles found to be one are merged, with everything they own; and back.

Read in this order: `lock` (who keeps out of whose way), `conflicts` and `facts` (who may be one, and what is known of
her then; pure), `groups` (who goes into whom), `merge`, `undo`, and `log` (where an old number leads). What other
tables own of a profile follows by `audiences.followers`.
"""
