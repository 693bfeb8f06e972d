# 随手拍的文字

reports-title = 随手拍
report-number = 随手拍 { $number }

event-public-report-received = 随手拍收到
event-public-report-taken-up = 随手拍转为隐患
event-public-report-answered = 随手拍答复未转办
event-public-report-sent-back = 随手拍退回重办
event-public-report-warned = 随手拍时限提醒
event-public-report-telephone-erased = 举报人电话已删除

public-report-stage-waiting = 待答复
public-report-stage-taken-up = 已转隐患
public-report-stage-answered = 未转办

public-report-which-waiting = 待答复
public-report-which-overdue = 逾期未答复
public-report-which-taken-up = 已转隐患
public-report-which-answered = 未转办
public-report-which-all = 全部

public-report-answer-known = 已经登记
public-report-answer-not-safety = 不属于安全隐患
public-report-answer-not-found = 现场没有找到
public-report-answer-void = 内容无效

answer-known-hint = 已是一条没有办结的隐患，选出是哪一条
answer-not-safety-hint = 例如收费、作息、教学方面的意见，写明该找谁
answer-not-found-hint = 写明什么时候、到哪里看过
answer-void-hint = 看不出内容的恶作剧、广告；县里会看到每一条

public-report-act-take-up = 转为隐患
public-report-act-answer = 答复不转办
public-report-act-send-back = 退回学校重办
public-report-act-telephone = 查看电话

rule-public-report-answer = 随手拍答复期限：3 个工作日（系统默认，县局可改）
rule-public-report-again = 随手拍退回重办期限：2 个工作日（系统默认，县局可改）

list-lead = 家长和群众扫点位码报来的情况。学校在期限内转为隐患或说明原因；县里看得到每一条答复，可以退回一次。
list-to-places = 点位和点位码
list-any = 不限
list-count = 共 { $n } 件
list-query = 文字或编号
list-year = 年份
list-late = 是否逾期
late = 逾期
sent-back = 县里退回过
list-empty = 没有这样的随手拍。
list-empty-waiting = 没有等待答复的随手拍。
list-empty-all = 还没有收到随手拍。打印点位码张贴后，扫码就能报。
list-show-all = 查看全部
list-more = 只显示前 { $n } 件。请缩小范围，或导出全部。
list-export-xlsx = 导出 Excel
list-export-csv = 导出 CSV
list-chip-query = 含“{ $text }”
list-chip-unknown = 没有这一项
list-photo-only = （只有照片）
list-answered-on = { $day }答复
category-unknown = 报的人不清楚
column-title = 内容
column-place = 点位
column-unit = 学校
column-stage = 办理情况
column-due = 答复时限
column-number = 编号
column-received = 收到时间
column-answered = 答复日期

record-title = 随手拍 { $number }
record-waits = 等待{ $unit }答复。
record-more = 其他操作
record-facts = 基本情况
record-timeline = 办理过程
record-to-place = 打开点位
record-to-hazard = 打开隐患
erased = 内容已按规定删除
photo-alt = 报来的照片
fact-telephone = 举报人电话
fact-hazard = 隐患编号
fact-answer = 未转办原因
fact-told = 给举报人的答复
telephone-none = 没有留
telephone-kept = 留了，答复后按期删除
telephone-until = 留了，{ $day }删除
telephone-erased = 已删除
telephone-logged = 只在这一次显示，已记入个人信息查看记录。

form-category = 类别
form-description = 隐患描述
form-description-hint = 按现场情况改写；报的照片会一起带到隐患记录。
form-place = 部位
form-words = 给举报人的答复
form-words-hint = 举报人凭查询码看到这段话。不要写学生姓名。
form-take-up-told = 登记为一条隐患，来源为随手拍，接着按隐患流程定级、交办；办结后举报人的查询页自动显示。
form-take-up-words-usual = 已登记为安全隐患，会按期限处理；进展可以凭查询码查看。
form-answer = 原因
form-answer-told = 不转为隐患时，写明原因。这一条会留在“未转办”里，县里看得到。
form-hazard = 已登记的隐患
form-hazard-hint = 选“已经登记”时必填
form-send-back-told = 只能退回一次。写明要学校再核实什么，学校重新计时答复。
form-telephone-told = 写明为什么要联系举报人。每次查看都记入个人信息查看记录。
form-why = 理由
act-done = { $act }已完成。

line-received = 收到群众随手拍
line-taken-up = { $who }转为隐患 { $number }
line-answered = { $who }答复：{ $answer }
line-sent-back = { $who }退回学校重办，{ $day }前答复
line-overdue = 逾期未答复
line-warned = 答复时限已过 { $percent }%
line-telephone-erased = 举报人电话已按期删除

beside-report = { $day }，{ $place }
beside-open = 打开随手拍

due-title = 随手拍
due-count = 随手拍 { $n } 件待办
due-count-late = 随手拍 { $n } 件待办，其中 { $late } 件逾期
due-answer = 答复随手拍
due-urge = 督促答复
due-line = { $act }：{ $unit } { $place }，{ $day }前
due-column-act = 要做什么

public-title = 随手拍
public-lead = 您在“{ $place }”看到了什么安全问题？不用登录，不用留姓名。
public-urgent = 有人受伤、着火、有人闹事，请先拨打 120、119、110。
public-category = 哪一类
public-category-unknown = 说不清
public-photos = 照片
public-photos-hint = 最多 3 张。照片里的时间、位置等附带信息会去掉。
public-photos-again = 照片要重新选一次，浏览器不会替您保留。
public-words = 什么情况
public-words-hint = 有照片可以不写。请不要写孩子的姓名。
public-spot = 具体位置
public-spot-hint = 例如：二楼东头第三扇窗
public-telephone = 您的电话
public-telephone-hint = 只用来向您核实情况。只有校长、安全专干和县安全股写明理由后能看，每次都有记录；答复后 { $span }删除。
public-send = 提交

follow-title = 查询办理情况
follow-lead = 输入提交时给您的查询码。
follow-ticket = 查询码
follow-ticket-hint = 例如：ABCD-EFGH-JKMN-PQRS，大小写都可以
follow-act = 查询
follow-due = 学校答复期限
follow-waiting = 已收到，学校正在核实
follow-answered = 学校没有转为隐患，说明如下
follow-fixing = 已登记为隐患，正在处理
follow-checking = 整改完成，正在复查
follow-fixed = 已整改，验收通过
follow-withdrawn = 学校后来撤销了这条登记
followed-title = 办理情况
followed-received = 已收到，谢谢您。请记下查询码。
followed-ticket = 您的查询码：
followed-keep = 记下或截图保存，{ $day }前随时可以查。请不要转给别人。
followed-answer = 学校的答复

unknown-title = 没有这个码
unknown-told = 没有找到这个点位码。
unknown-what = 可能是码印坏了或已经停用。请看看旁边有没有新的码，或直接告诉学校门卫。紧急情况请拨打 110、119、120。
closed-title = 点位已停用
closed-told = { $unit }的“{ $place }”已经停用。
closed-whole = 用全校的码继续报
gone-title = 没有找到
gone-told = 没有找到这个查询码，或者已经超过查询期限。
gone-what = 请核对后再输入一次。忘了查询码，可以重新扫码再报一次。
withheld-title = 请直接联系
withheld-kept = 您写的内容已经密封，交给指定的人阅读，不进入任何列表。请同时拨打下面的电话。
withheld-nothing = 您写的内容没有保存。请拨打下面的电话。
withheld-hotline = 孩子需要帮助时，也可以拨打 12355 青少年服务台。

problem-public-report-unknown = 没有这件随手拍。
problem-public-report-place-closed = 这个点位已经停用，请用全校的码。
problem-public-report-place-full = 这个点位今天收到的已经很多，学校正在处理。请明天再报；紧急情况请直接联系学校或拨打 110。
problem-public-report-too-many = 刚才提交的太多了，请过一会儿再试。您写的内容还在下面。
problem-public-report-says-nothing = 请写一句情况，或拍一张照片。
problem-public-report-form-expired = 这张表单打开太久了。内容还在下面，请再提交一次。
problem-public-report-sent-before = 刚才已经收到您的一份。如果是另一个问题，请再点一次提交。
problem-public-report-telephone = 电话看起来不对。可以不留；留的话请写 7 到 14 位数字。
problem-public-report-wrong-stage = 这件随手拍现在是“{ $stage }”，不能{ $act }。
problem-public-report-hazard-unknown = 没有这条隐患，或者它不是这件随手拍转来的。
problem-public-report-hazard-closed = 这条隐患已经办结。请选没有办结的，或转为新的隐患。
problem-public-report-sent-back-before = 已经退回过一次，不能再退回。

# 学校主页上的随手拍
panel-all = 全部随手拍
