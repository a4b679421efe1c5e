"""The Youth Station, one folder for each step of a graduate's way.

    core          audit, encryption, clock, roles: below all
    places        District, Station, Room, Bed, Closure, Policy
    messages      what is sent to people, and by which carrier
    people        User, Graduate, staff membership, sign-in
    applications  1 apply
    eligibility   2 decide
    beds          3 allocate
    passes        4 pass
    desk          5 desk and services
    retention     6 follow up
    statistics    7 count

A step imports only those above it in this list. The steps meet in one place, journey: one
atomic function an event. Views, tasks and the API call it; nothing else does. import-linter holds
the rule (pyproject.toml). Inside a step: urls, views, forms, verb modules, models, in this order.
"""
