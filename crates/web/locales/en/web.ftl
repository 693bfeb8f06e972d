# The frame of a page
shell-product = Xiaoan
shell-skip = Skip to content
shell-demo = Demonstration data: people and events are invented
shell-navigation = Main
shell-bottom = Shortcuts
shell-menu = Menu
shell-close-menu = Close menu
shell-back = Back
shell-lock = Lock (six digits open it again)
shell-sign-out = Sign out
shell-printed = Printed { $at }
shell-large-type = Larger type
shell-normal-type = Standard type
session-ending = You have been away a while. You will be signed out in { "{minutes}" } minutes; what you typed is kept as a draft.
session-stay = Stay signed in

# Forms
form-errors = { $count ->
    [one] One thing needs changing
   *[other] { $count } things need changing
 }
form-error-line = { $label }: { $text }
form-error-prefix = Error:
form-optional = optional
form-choose = Choose one
form-narrow = Type a part of the name
choice-yes = Yes
choice-no = No
photo-add = Take or choose photos, up to { $count }
photo-kept = Photo { $number } is kept and goes along; untick it to leave it out
photo-remove = Remove this photo
photo-working = Making the photos smaller…
photo-sending = Sending, { "{percent}" }% done
photo-failed = No network: nothing was sent. What you typed and the photos are still here; send again once there is a network.
photo-too-many = { $count } photos at most; the others were left out.
location-found = Your position is recorded, within about { "{metres}" } metres.
location-refused = No position available. You can leave it out and describe the place in words.
location-asking = Finding your position…

# Lists and records
clock-rule = Why
clock-due = Due { $due }
filter-title = Filter
filter-remove = , remove
filter-clear = Clear all
filter-change = Change filter
filter-show = Show results
filter-reversed = “{ $value }” under “{ $label }” lies before the first day, and the list is not narrowed by it.
filter-unread = “{ $value }” under “{ $label }” was not understood, and the list is not narrowed by it.
filter-views = Saved views
pager-title = Pages
pager-before = Previous page
pager-paper = This paper holds rows { $first }–{ $last }; the list has other pages. Export it on the page to have all of it.
pager-paper-of = { $count }. { $paper }
pager-place = { $first }–{ $last }
pager-after = Next page
copy-act = Copy text
copy-done = Copied. Paste it into a chat or a message.
copy-by-hand = Select the text above and copy it.

# When it cannot be done
failed-not-found = Page not found
failed-forbidden = This is not yours to do
failed-refused = This cannot be done now
failed-invalid = Some things need changing
failed-stale = Somebody changed this meanwhile
failed-busy = Busy just now
failed-limit = Too large
failed-fault = Something went wrong here
failed-home = Go to the first page
failed-back = Back to the page before
failed-sign-in = Sign in
failed-code = Code: { $code }
problem-not-found = The address may be mistyped, or the record is outside what you may see.
problem-forbidden = Your post does not include this permission. If your work needs it, ask the head of your unit or the county office.
problem-refused = This cannot be done now (code { $code }). Go back and look at the latest state, or ask the head of your unit or the county office.
problem-invalid = { $count ->
    [one] One thing needs changing. Go back and check it.
   *[other] { $count } things need changing. Go back and check them.
 }
problem-stale = Somebody updated this record while you were writing. Go back, read the latest version, then decide whether to submit.
problem-limit = That is more than one submission can hold. Submit it in parts.
problem-limit-form-bytes = One submission holds 40 MB at most. Use fewer photos and submit in parts.
problem-limit-photo-bytes = A photo is larger than 12 MB. Choose a smaller one.
problem-limit-photos-per-act = Nine photos at most. Remove some and submit again.
problem-limit-form-text-bytes = The text is longer than one submission can hold. Shorten it and submit again.
problem-limit-form-parts = The form has too many parts. Submit it in several steps.
problem-limit-writer-queue = A lot is being processed and yours was not submitted. Wait a few seconds and try again.
problem-limit-posts-per-minute = Too many submissions within a minute; this one was not submitted. Wait a few seconds and try again; what you typed is still there.
problem-fault = It is not your doing, and nothing was submitted. Try again later; if it stays, tell the platform’s administrator the time and the code.
problem-form-expired = The page was open too long, so for safety nothing was submitted. Go back and submit again; what you typed is still there.
problem-form-broken = The form did not arrive complete; the connection may have broken. Go back and submit again.
problem-foreign-page = This came from a page of another site and was not accepted. Please use this platform’s own pages.
problem-field-required = Fill in this field.
problem-field-choose = Choose one.
problem-field-choice = Choose from the list.
problem-field-too-long = { $max } characters at most; this has { $count }.
problem-field-control = Contains invisible special characters; delete them and type it again.
problem-field-number = Enter a whole number, such as 12.
problem-field-range = Enter a number from { $min } to { $max }.
problem-field-date = Enter a date, such as 2026-12-08.
problem-field-date-early = { $given } is before { $min }, the first day allowed; choose another.
problem-field-date-late = { $given } is after { $max }, the last day allowed; choose another.
problem-field-photo = Take at least one photo.

# Signing in
sign-in-title = Sign in
sign-in-login = Login
sign-in-password = Password
sign-in-submit = Sign in
sign-in-help = Forgotten or locked: the head or safety officer of your school, or the county office, prints a new first password. Guards open Xiaoan on the phone the school bound; for a new phone ask the school.
sign-in-code = Code
sign-in-code-hint = Open the authenticator on your phone and type its 6 digits; without the phone use a recovery code
sign-in-code-submit = Check and sign in
sign-in-new-title = First sign-in: choose your own password
sign-in-new-password = New password
sign-in-new-hint = At least 8 characters, three of: capitals, small letters, digits, signs
sign-in-again = Once more
sign-in-new-submit = Save the password
sign-in-enrol-title = Bind an authenticator
sign-in-enrol-hint = Scan the code with your authenticator, or type the key below by hand, then enter the 6 digits it shows
sign-in-enrol-secret = Key
sign-in-enrol-here = Open in the authenticator on this device
sign-in-enrol-submit = Finish
sign-in-codes-title = Recovery codes
sign-in-codes-hint = Without your phone each of these works once. Print or copy them and keep them safe; they are not shown again.
sign-in-codes-go = Saved, go on
problem-sign-in-wrong = Login or password is wrong.
problem-sign-in-locked = Too many wrong tries; try again after { $until }; the head of your school or the county office can lift the lock on your account’s page.
problem-sign-in-too-often = Too many tries; wait a few seconds.
problem-second-factor-wrong = The code is wrong or was used; wait for the next one.
problem-second-factor-old-wrong = The code of the present authenticator is wrong or was used.
problem-second-factor-already-set = An authenticator is already bound.
problem-password-differs = The two passwords differ.
problem-password-common = This password is too common.
problem-password-contains-login = The password may not contain the login.
problem-password-too-few-kinds = Use at least three of: capitals, small letters, digits, signs.
problem-password-too-long = The password is too long.
problem-password-too-short = At least 8 characters.
problem-password-is-slip = The one-time password of the slip cannot become your own; choose another.
problem-password-unchanged = The new password must differ from the old one.
problem-already-exists = The same is already there.
problem-command-id-reused = This page was already sent with other content; open it again.
problem-time-not-yours = The platform records the time; it cannot be given.
problem-filter-unread = “{ $value }” under “{ $label }” was not understood, so nothing was exported. Correct it or take it out, and export again.
problem-filter-reversed = “{ $value }” under “{ $label }” lies before the first day, so nothing was exported. Correct it or take it out, and export again.
problem-filter-twice = The address says { $name } twice, and it is not known which is meant. Take one out, or go back to the list and filter again.
problem-text-missing = Fill this in.
problem-text-too-long = At most { $most } characters.
problem-text-citizen-id = The text holds a citizen number and was not saved. Everybody who may see this record would read it: take it out and write name and post. Citizen numbers are kept with the person, sealed, and nowhere else.
problem-text-mobile = The text holds somebody’s mobile number and was not saved. Everybody who may see this record would read it: take it out and write name and post. Mobiles are kept with the person, sealed. An office’s landline may be written.
problem-reason-filler = “{ $text }” gives no reason: say what it is.
problem-date-in-future = { $date } has not come yet.
problem-date-too-old = { $date } is too long ago; use the import for historic hazards.
problem-amount-shape = Enter an amount such as 1200 or 1200.50.
problem-unit-unknown = There is no such unit.
