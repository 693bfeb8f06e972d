# Cockpit

cockpit-title = Cockpit
cockpit-lead = { $unit } · { $day }
cockpit-as-of = As it stood at the end of
cockpit-as-of-hint = Leave empty for now
cockpit-show = Show
cockpit-now = Back to now
cockpit-past = This is how a past day ended, by what had been recorded by then; schools and townships are grouped as they hang today. Lists show the present alone, so most numbers here open none. Listed supervision, repeated hazards, guards and gate kit have no past numbers.
cockpit-bare = Numbers of hazards, what changed, and each school will stand here. No hazard has been registered yet.
cockpit-bare-act = Register a hazard
cockpit-main = Main numbers
cockpit-tiles = Six outcomes
cockpit-week = What to look at this week
cockpit-rates = Closing and time
cockpit-formula = How it is counted

change = { $change } on last week
change-none = as last week

head-open = Open
head-open-formula = Hazards registered and not closed, without withdrawn ones. Compared with the end of the day seven days ago.
head-overdue = Overdue
head-overdue-formula = Open hazards past the deadline of their present step.
head-major = Major and open
head-major-formula = Hazards graded major that are not closed.
head-registered = Registered in 7 days
head-registered-formula = Registered today and in the six days before, those withdrawn later among them. Compared with the seven days before.
head-closed = Closed in 7 days
head-closed-formula = Closed today and in the six days before, and still closed. Compared with the seven days before.
head-listed = Listed for supervision
head-listed-formula = Listings whose notice is signed and that are not delisted.
head-repeated = Repeated and open
head-repeated-formula = Open hazards at the same school and place and of the same category as an earlier one.

rate-none = none yet
rate-days = { $days } days
rate-closure = Closure rate
rate-closure-part = of those closed
rate-closure-of = registered in 12 months (without withdrawn)
rate-closure-formula = Registered in 12 months and closed by now ÷ registered in 12 months and not withdrawn.
rate-timely = Closed on time
rate-timely-part = of those on time
rate-timely-of = closed here in 12 months
rate-timely-change = 7 days: { $now }; the 7 before: { $before }
rate-timely-formula = Closed in 12 months without a missed deadline ÷ closed on this platform in 12 months. Of what a ledger brought along as closed nobody knows whether it was on time; it is left out.
rate-median = Median days to close
rate-median-formula = Days from registration to closing of hazards closed here in 12 months, in order; the one in the middle, or the mean of the two there.

group-turn = Whose turn
group-turn-note = Open and overdue hazards by who has the next step.
group-state = By state
group-level = By level
group-category = By category
group-town = By township
group-town-note = Townships that you may see; schools of no township are not in this table.
group-kind = By kind of school
group-month = By month
group-month-note = Registered by day of registration, those withdrawn later among them; closed by day of closing, those a ledger brought along as closed among them.
column-turn = Turn of
column-state = State
column-level = Level
column-category = Category
column-town = Township
column-kind = Kind of school
column-month = Month
column-open = Open
column-overdue = Overdue
column-major = Major
column-registered = Registered
column-closed = Closed
column-change = On last week
column-school = School
column-worst = Worst level
column-last = Last registered
turn-school = School
turn-central = Central school
turn-county = County
month = { $month }/{ $year }

worst-nothing = nothing open

tile-no-past = no number of a week ago
tile-past = There is no such number for past days.
tile-category-formula = Open hazards of the category “{ $category }”.
tile-worst-open = Most: { $school }
tile-rules = Rules in place
tile-rules-measure = Hazards of management
tile-rules-lacking = No data yet: once rules, plans and letters of responsibility are entered, their share will stand here.
tile-guards = Guards in place
tile-guards-measure = Schools with enough full-time guards
tile-guards-value = { $share } ({ $met } of { $of } schools)
tile-guards-short = schools (campuses) that lack guards
tile-guards-unknown = schools (campuses) that cannot be judged
tile-guards-worst = Lacks most: { $school }, { $n }
tile-guards-formula = Schools with enough full-time guards at every campus under the standard in force ÷ all schools. Only guards of the roster count who are on the post, certified and checked; what a school declares does not.
tile-guards-lacking = No data yet: once heads and rosters are entered, the share will stand here.
tile-kit = Equipment
tile-kit-measure = Gate kit whole and good
tile-kit-value = { $share }
tile-kit-whole = whole and good
tile-kit-broken = something missing, broken or expired
tile-kit-unseen = never checked
tile-kit-of = all schools (campuses)
tile-kit-worst = Lacks something: { $school }
tile-kit-formula = Schools (campuses) where the last check found all eight pieces there, good and not expired ÷ all schools (campuses).
tile-kit-lacking = No data yet: once cameras online and tests of the alarm are entered, they will stand here.
tile-literacy = Safety literacy
tile-literacy-lacking = No data yet: once lessons, drills and trainings are entered, how many were held and whom they reached will stand here.
tile-perimeter = Safe surroundings
tile-perimeter-measure = Hazards around schools
tile-perimeter-lacking = No data yet: once gate posts check in and premises around schools are listed, they will stand here.
tile-secured = Means and methods
tile-secured-worst = Most overdue: { $school }
tile-secured-lacking = No data yet: whether money is there. Funds of the five fixed are words that the platform cannot judge; once funds are entered, unfunded hazards will stand here.

week-nothing = Nothing in particular this week.
week-major = { $n ->
    [one] { $n } major hazard registered in 7 days
   *[other] { $n } major hazards registered in 7 days
}
week-long = { $n ->
    [one] { $n } hazard overdue for more than { $days } days
   *[other] { $n } hazards overdue for more than { $days } days
}
week-unreported = { $n ->
    [one] { $n } listing without its weekly report
   *[other] { $n } listings without their weekly report
}
week-repeated = { $n ->
    [one] { $n } repeated hazard registered in 7 days
   *[other] { $n } repeated hazards registered in 7 days
}
week-most = Most overdue: { $school }, { $n }
week-silent = { $n ->
    [one] { $n } school without a registration for { $days } days
   *[other] { $n } schools without a registration for { $days } days
}

map-title = Where schools lie
map-told = A sketch from the coordinates of schools; no map, and without borders. Shape and colour show the worst level of what is open at each; the table below says the same, and is the way by keyboard.
map-none = No school has coordinates yet, so there is no sketch. The table below has each school.
map-unplaced = Schools without coordinates, not on the sketch:
map-spot = { $school }: { $worst }, { $open } open, { $overdue } overdue

schools-title = Each school
schools-table = School by school
schools-narrow = Narrow or export the schools
schools-lead = { $day }: open hazards of each school; “silent” means no registration for { $days } days.
schools-view = Which
schools-any-town = All townships
schools-other-town = Another township
schools-all = All
schools-open = With open ones
schools-overdue = With overdue ones
schools-major = With major ones
schools-silent = Silent
schools-unplaced = Without coordinates
schools-count = { $n ->
    [one] { $n } school
   *[other] { $n } schools
}
schools-empty = No school fits.
schools-show-all = Show all
schools-never = never
schools-with-below = with those below
schools-yes = yes

export-xlsx = Export to Excel
export-csv = Export to CSV
export-title = Cockpit { $day }
export-part = Part
export-item = Item
export-what = What is counted
export-number = Number
export-formula = How it is counted

problem-cockpit-day-unread = That is no day. Write it like 2026-03-05.
problem-cockpit-day-ahead = { $day } has not come yet, so there is nothing to show. Choose today or an earlier day.
problem-cockpit-day-before = Nothing was recorded by { $day }; the first hazard you may see was registered on { $first }. Choose that day or a later one.
problem-cockpit-day-nothing = Nothing was recorded by { $day }: no school you may see has registered a hazard.
