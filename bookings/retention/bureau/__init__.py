"""The human-resources bureau's list of who is insured where: received, read, weighed, confirmed.

words   what its columns and cells may say
parts   the file as it is kept until it has been read: sealed, in parts
read    the file row by row, however long
match   which of our guests' questions a row answers
write   what is kept of it; the journey calls it
"""
