"""Children's dossiers, each private to one institution: requests, referrals, calls, rankings, escalations, watches."""
