"""How Korean pages write moments: by the 24-hour clock, as deadlines are written everywhere else on the site."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y년 n월 j일 H:i"
SHORT_DATETIME_FORMAT = "Y-n-j H:i"
