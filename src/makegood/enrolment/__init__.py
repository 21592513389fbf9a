"""保障服务: policies and their versions, enrolments, and what covers a line."""
