# Texts of places

places-title = Places

event-place-added = Place added
event-place-changed = Place changed
event-place-closed = Place closed
event-place-reopened = Place reopened
event-place-code-replaced = Place given a new code
event-place-code-stopped = Former code of a place stopped

place-act-change = Change the place
place-act-reopen = Use it again
place-act-replace = Give it a new code
place-act-stop = Stop a former code
place-act-close = Close the place

place-name = Name
place-kind = Kind
place-spot = Building and floor
place-spot-hint = For example: building 1, second floor, east side
place-side = Where
place-inside = Inside
place-outside = Outside
place-code = Code
place-state = State
place-add = Add places
place-closed-since = Closed (since { $day })

list-lead = One code for each place: parents and the public scan it to report something, and patrols of the school use the same sheet. A code stays valid for ever; a new name needs no new print.
list-open = In use
list-closed = Closed
list-any = Any
list-count = { $n } in all
list-query = Words or code
list-empty = There are no places yet. Tick the usual ones of a school, then print and put up their codes.
list-empty-closed = No place is closed.
list-empty-narrowed = There is no such place.
list-show-all = Show all
list-more = Only the first { $n } are shown. Narrow the list or export all of it.
list-export-xlsx = Export to Excel
list-export-csv = Export to CSV
list-chip-query = With “{ $text }”
list-chip-unknown = Nothing of that name
column-unit = School

new-lead = Tick the places that the school has and add them at once. Names can be changed later; where there are several of a kind, write each on a line.
new-known = There already: { $names }.
new-whole = With the first places the code for the whole school is made too.
new-kinds = Usual places
new-kinds-hint = As many as you like.
new-others = Other places
new-others-hint = One name a line, for example: east staircase. 60 at most.
new-done = { $n ->
    [one] { $n } place was added. Its code can be printed now.
   *[other] { $n } places were added. Their codes can be printed now.
}
new-nowhere = There is no school to which you could add places.

form-why = Reason
form-replace-told = For a code that was scrawled over or passed around. The former one goes on pointing to this place until the county stops it; the new one has to be printed and put up.
form-stop-told = Whoever scans it after that is told that there is no such code.
form-stop-code = Former code to stop
form-close-told = Whoever scans its code is told that the place is no longer in use, and offered the code of the whole school. The record stays, and it can be used again.
act-done = Done: { $act }.

record-more = Other acts
record-timeline = What happened
line-added = { $who } added the place
line-changed = { $who } changed the place
line-closed = { $who } closed the place
line-reopened = { $who } put the place into use again
line-code-replaced = { $who } replaced the code { $former } by { $code }
line-code-stopped = { $who } stopped the former code { $code }

sheets-title = Print codes of places
sheets-print = Print codes
sheets-print-one = Print this one
sheets-lead = Choose, then print with the browser (A4). Only the labels are printed, not this form.
sheets-sizes = Labels on a page
sheets-size = { $n }
sheets-chosen = Which places
sheets-apply = Show them
sheets-demo = Demonstration data
sheets-told = Seen something unsafe? Scan, take a photo and tell the school. No account needed. In an emergency call 110, 119 or 120.

problem-place-unknown = There is no such place.
problem-place-known = This place was added before.
problem-place-open = This place is in use.
problem-place-closed = This place is closed. Put it into use again first.
problem-place-unit-not-open = Places are added to schools that are open.
problem-place-too-many = A school has at most { $most } places in use. Close some first.
problem-place-too-many-at-once = At most { $most } places can be added at once.
problem-place-none-chosen = Tick at least one place, or write a name.
problem-place-name-taken = The school has a place called “{ $name }” already. Add building and floor, or choose another name.
problem-place-whole-known = The school has a code for all of it already.
problem-place-whole-stays = The code of the whole school can neither be closed nor become another kind. A spoiled one can be replaced.
problem-place-code-broken = The code is not right. Open the form again.
problem-place-code-taken = The code was used before. Open the form again.
problem-place-code-not-former = Only a code that was replaced can be stopped.

# Places on a school's page
panel-all = All places
panel-none = No places yet.
