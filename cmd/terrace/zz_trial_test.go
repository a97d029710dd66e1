package main
import ("testing";"fmt")
func TestTrial(t *testing.T){ _,err:=LoadConfig("/tmp/t.yaml"); fmt.Println(err)}
