package demo
import ("testing";"context";"time";"fmt";"os")
func TestEye(t *testing.T){
 c:=New(Options{BasePort:18700}); ctx,cancel:=context.WithTimeout(context.Background(),90*time.Second); defer cancel()
 if err:=c.Start(ctx);err!=nil{t.Fatal(err)}
 f,_:=os.Create("/tmp/demo/eye/articles.txt")
 n:=0
 for a:=range c.Expect().Articles{ n++; fmt.Fprintf(f,"%s\t%s\t%s\t%s\t%s\t%s\t%s\n%s\n\n",a.URL,a.Date,a.Site,a.Column,a.Kind,a.DocNo,a.Title,a.Text)}
 fmt.Println(n); f.Close()
 if os.Getenv("EYE")!="" {c.Run(ctx)}
}
