# How numbers and times are said
say-seconds = less than a minute
say-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
 }
say-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
 }
say-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
 }
say-left = { $span } left
say-overdue = { $span } overdue
say-due-now = due now
say-ago = { $span } ago
say-just-now = just now
say-date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[other] December
 } { $year }
say-many = { $count }+
say-list-separator = {", "}
say-yes = yes
say-no = no
