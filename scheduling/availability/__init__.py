"""Free time of clinicians, rooms and clients, as pure functions over bit masks: no ORM, no clock, no settings.

How to read it. `timegrid` turns hours and reservations into bit masks, one bit per five minutes. `snapshot` holds the
masks of everything known about a window of time. `rules` answers at which cells one clinician, room or client may start
a visit. `single` combines those answers into openings for one appointment, `programs` into plans for several days.
`seats` decides on seats in groups. `explain` says why a date has no opening.
"""
