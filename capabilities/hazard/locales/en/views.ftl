# My views
view-title = My views
view-save-this = Save this filter
view-name = Name of the view
view-name-hint = At most 20 characters, such as “Overdue and major”. Saving under the same name asks before it replaces
view-save = Save view
view-replace = Replace the old view
view-delete = Delete view
view-none = Your saved views would be here. Set a filter on the list of hazards and choose “Save this filter”.
view-saved = The view “{ $name }” is saved; it opens from the top of the list.
view-deleted = The view “{ $name }” is deleted.
problem-view-exists = You already have a view called “{ $name }”: { $old }. Press once more to replace it, or choose another name.
problem-view-too-many = One account saves at most { $most } views; delete one first.
