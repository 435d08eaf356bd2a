module countermark-example

go 1.21
