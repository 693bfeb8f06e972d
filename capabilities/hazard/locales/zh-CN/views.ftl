# 我的视图
view-title = 我的视图
view-save-this = 保存当前筛选
view-name = 视图名称
view-name-hint = 最多 20 个字，如“逾期的重大隐患”。用同一个名称再保存，会先问您是否替换
view-save = 保存视图
view-replace = 替换原来的视图
view-delete = 删除视图
view-none = 这里会列出您保存的视图。在隐患列表设好筛选，点“保存当前筛选”。
view-saved = 已保存视图“{ $name }”，在列表上方可以直接打开。
view-deleted = 已删除视图“{ $name }”。
problem-view-exists = 您已有名为“{ $name }”的视图：{ $old }。再按一次就会替换它；不想替换就换一个名称。
problem-view-too-many = 每个账号最多保存 { $most } 个视图，请先删除一个。
