# 点位的文字

places-title = 点位

event-place-added = 点位新增
event-place-changed = 点位更改
event-place-closed = 点位停用
event-place-reopened = 点位恢复
event-place-code-replaced = 点位换码
event-place-code-stopped = 点位旧码停用

place-act-change = 更改点位
place-act-reopen = 恢复使用
place-act-replace = 换新码
place-act-stop = 停用旧码
place-act-close = 停用点位

place-name = 名称
place-kind = 种类
place-spot = 楼栋楼层
place-spot-hint = 例如：1 号教学楼 2 楼东侧
place-side = 位置
place-inside = 室内
place-outside = 室外
place-code = 点位码
place-state = 状态
place-add = 新增点位
place-closed-since = 已停用（{ $day }起）

list-lead = 每个点位一张码：家长和群众扫码随手拍，学校巡查也用同一张码。码一直有效，改名不用重新打印。
list-open = 在用
list-closed = 已停用
list-any = 不限
list-count = 共 { $n } 个
list-query = 文字或点位码
list-empty = 还没有点位。先勾选学校常用的点位，再打印张贴。
list-empty-closed = 没有停用的点位。
list-empty-narrowed = 没有这样的点位。
list-show-all = 查看全部
list-more = 只显示前 { $n } 个。请缩小范围，或导出全部。
list-export-xlsx = 导出 Excel
list-export-csv = 导出 CSV
list-chip-query = 含“{ $text }”
list-chip-unknown = 没有这一项
column-unit = 学校

new-lead = 勾选学校有的点位，一次新增；名称以后可以改，一个种类有几处的，另起一行写。
new-known = 已有：{ $names }。
new-whole = 第一次新增时，同时生成代表全校的码。
new-kinds = 常用点位
new-kinds-hint = 可以多选。
new-others = 其他点位
new-others-hint = 每行一个名称，例如：东楼梯间。最多 60 个。
new-done = 已新增 { $n } 个点位，可以打印点位码了。
new-nowhere = 您没有可以新增点位的学校。

form-why = 理由
form-replace-told = 原来的码被涂改、外传时换新码。旧码仍指到这个点位，直到县里停用它；新码要重新打印张贴。
form-stop-told = 停用后，扫旧码的人只看到“没有这个码”。
form-stop-code = 要停用的旧码
form-close-told = 停用后，扫码的人会看到这个点位已停用，并可以改用全校的码。记录保留，可以恢复。
act-done = { $act }已完成。

record-more = 其他操作
record-timeline = 操作记录
line-added = { $who }新增了点位
line-changed = { $who }更改了点位
line-closed = { $who }停用了点位
line-reopened = { $who }恢复了点位
line-code-replaced = { $who }换了码：{ $former } 换成 { $code }
line-code-stopped = { $who }停用了旧码 { $code }

sheets-title = 点位码打印
sheets-print = 打印点位码
sheets-print-one = 打印这一张
sheets-lead = 选好后用浏览器打印（A4）。打印时只出标签，不出这张表单。
sheets-sizes = 每页几张
sheets-size = { $n } 张
sheets-chosen = 打印哪些点位
sheets-apply = 更新预览
sheets-demo = 演示数据
sheets-told = 发现安全隐患？扫码拍照告诉学校，不用登录。紧急情况请拨 110、119、120。

problem-place-unknown = 没有这个点位。
problem-place-known = 这个点位已经新增过。
problem-place-open = 这个点位在用，不需要恢复。
problem-place-closed = 这个点位已停用，先恢复再操作。
problem-place-unit-not-open = 只能给正常开办的学校新增点位。
problem-place-too-many = 一所学校在用的点位最多 { $most } 个。请先停用不用的。
problem-place-too-many-at-once = 一次最多新增 { $most } 个点位。
problem-place-none-chosen = 至少勾选一个点位，或写一个名称。
problem-place-name-taken = 这所学校已有名称为“{ $name }”的点位。请加上楼栋楼层，或换个名称。
problem-place-whole-known = 这所学校已经有代表全校的码。
problem-place-whole-stays = 代表全校的码不能停用，也不能改成别的种类。码坏了可以换新码。
problem-place-code-broken = 点位码不对。请重新打开表单再试。
problem-place-code-taken = 点位码已经用过。请重新打开表单再试。
problem-place-code-not-former = 只能停用已经换下来的旧码。

# 学校主页上的点位
panel-all = 全部点位
panel-none = 还没有点位。
