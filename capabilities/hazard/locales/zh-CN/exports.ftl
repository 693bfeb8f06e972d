# 导出表格
export-to-list = 去隐患列表
export-found-on = 发现日期
export-registered-on = 登记日期
export-closed-on = 销号日期
