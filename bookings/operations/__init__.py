"""Keeping the site well, above all steps: backups and their drill, the status page, who did what.

runs      a backup, a drill or a check of the audit log: one at a time, its outcome kept
backups   the nightly backup and which ones are kept
drill     the newest backup restored into a scratch database, looked through, thrown away
checks    the figures, asked once for /readyz, /metrics and the status page
verdicts  what a figure means and what to do about it; no queries
trail     the audit log, searched by managers
"""
