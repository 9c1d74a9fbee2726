"""How walks follow somebody who turned out to be somebody else (`audiences.followers`).

The merge holds both shards, so nobody walks meanwhile. `doubles` ends a second walk where one person may have only one,
`waiting` parks people anew, `counts` moves what was counted, `walks` moves everything.
"""
