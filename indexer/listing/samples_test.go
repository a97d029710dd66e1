package listing

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEachSystemsListsTellTheirLengthAndTheirPages(t *testing.T) {
	for _, c := range []struct{ file, address, want string }{
		{"trs.html", folder, "trs 0/0/4 2:index_1.html 3:index_2.html 4:index_3.html"},
		{"trs_pager.html", folder, "trs 0/0/15 2:index_1.html 3:index_2.html … 11 … 15:index_14.html"},
		{"ucap.html", folder + "list.shtml", "ucap 189/0/10 2:list_2.shtml 3:list_3.shtml … 6 … 10:list_10.shtml"},
		{"ucap_pagination.html", folder + "index.html", "ucap 1204/15/81 2:index_2.html 3:index_3.html … 77 … 81:index_81.html"},
		{"hanweb.html", "http://www.yunhe.example/col/col7/index.html", "hanweb 130/15/9 " +
			"2:/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90&perpage=15&col=1&appid=1&webid=3&path=%2F&columnid=7&sourceContentType=1&unitid=5512&webname=%E4%BA%91%E6%B2%B3%E5%B7%9E&permissiontype=0 " +
			"3:/module/web/jpage/dataproxy.jsp?startrecord=91&endrecord=130&perpage=15&col=1&appid=1&webid=3&path=%2F&columnid=7&sourceContentType=1&unitid=5512&webname=%E4%BA%91%E6%B2%B3%E5%B7%9E&permissiontype=0"},
		{"hanweb_post.html", "http://www.yunhe.example/col/col7/index.html", "hanweb 100/20/5 " +
			"2:/module/web/jpage/dataproxy.jsp?startrecord=61&endrecord=100&perpage=20#!post:columnid=7&unitid=5512"},
		{"hanweb_answer.xml", "http://www.yunhe.example/module/web/jpage/dataproxy.jsp?startrecord=3&endrecord=4&perpage=2&columnid=7",
			"hanweb 130/2/65 0:/module/web/jpage/dataproxy.jsp?startrecord=5&endrecord=6&perpage=2&columnid=7"},
		{"hanweb_answer.xml", "http://www.yunhe.example/module/web/jpage/dataproxy.jsp?startrecord=128&endrecord=129&perpage=2&columnid=7",
			"hanweb 130/2/65 0:/module/web/jpage/dataproxy.jsp?startrecord=130&endrecord=130&perpage=2&columnid=7"},
		{"webber.html", "http://www.yunhe.example/zwgk/tzgg.htm", "webber 462/0/31 2:30.htm 3:29.htm … 27 … 31:1.htm"},
		{"webber_page.html", folder + "30.htm", "webber 0/0/31 3:29.htm"},
		{"epoint.html", folder + "moreinfo.html", "epoint 0/0/35 2:2.html 3:3.html … 31 … 35:35.html"},
		{"epoint.html", folder + "2.html", "epoint 0/0/35 3:3.html"},
		{"epoint_query.html", "http://www.yunhe.example/jyxx/list.html", "epoint 300/10/30 2:/jyxx/list.html?pageIndex=2 3:/jyxx/list.html?pageIndex=3 … 26 … 30:/jyxx/list.html?pageIndex=30"},
		{"aspnet.html", "http://www.yunhe.example/News.aspx?id=3", "aspnet 233/12/20 " +
			"2:/News.aspx?id=3#!post:__EVENTARGUMENT=2&__EVENTTARGET=ctl00%24Main%24AspNetPager1 " +
			"3:/News.aspx?id=3#!post:__EVENTARGUMENT=3&__EVENTTARGET=ctl00%24Main%24AspNetPager1 … 16 … " +
			"20:/News.aspx?id=3#!post:__EVENTARGUMENT=20&__EVENTTARGET=ctl00%24Main%24AspNetPager1"},
		{"aspnet_page.html", "http://www.yunhe.example/News.aspx?id=3", "aspnet 0/0/6 6:/News.aspx?id=3#!post:__EVENTARGUMENT=6&__EVENTTARGET=AspNetPager1"},
		{"aspnet_grid.html", "http://www.yunhe.example/List.aspx", "aspnet 0/0/3 " +
			"2:/List.aspx#!post:__EVENTARGUMENT=Page%242&__EVENTTARGET=GridView1 3:/List.aspx#!post:__EVENTARGUMENT=Page%243&__EVENTTARGET=GridView1"},
		{"empire.html", folder, "empire 96/0/7 2:index_2.html 3:index_3.html … 3 … 7:index_7.html"},
		{"dede.html", folder, "dede 300/0/20 2:list_3_2.html 3:list_3_3.html … 17 … 1:list_3_1.html"},
		{"plain.html", folder + "index.html", "plain 1204/15/81 2:index_2.html 3:index_3.html … 78 … 0:/"},
		{"jpaas.html", folder, "jpaas 33/15/3 2:" + unitAt + "?webId=9&pageId=12&tagId=%E6%A0%8F%E7%9B%AE%E5%88%97%E8%A1%A8&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A15%7D " +
			"3:" + unitAt + "?webId=9&pageId=12&tagId=%E6%A0%8F%E7%9B%AE%E5%88%97%E8%A1%A8&paramJson=%7B%22pageNo%22%3A3%2C%22pageSize%22%3A15%7D"},
		{"jpaas_shell.html", folder, "jpaas 0/0/0 1:" + unitAt + "?parseType=buildstatic&webId=9&pageType=column&tagId=%E5%8F%B3%E4%BE%A7%E5%86%85%E5%AE%B9&pageId=12"},
		{"jpaas_answer.json", "http://www.yunhe.example" + unitAt + "?webId=9&pageId=12", "jpaas 33/15/3 3:" + unitAt + "?webId=9&pageId=12&tagId=%E6%A0%8F%E7%9B%AE%E5%88%97%E8%A1%A8&paramJson=%7B%22pageNo%22%3A3%2C%22pageSize%22%3A15%7D"},
		{"hanweb_pages.xml", "http://www.yunhe.example/module/web/jpage/dataproxy.jsp?page=1&columnid=7", "hanweb 130/0/9 0:/module/web/jpage/dataproxy.jsp?page=4&columnid=7"},
		{"hanweb_call.json", "http://www.yunhe.example/TrueCMS/messageController/getMessage.do?startrecord=3&endrecord=4&perpage=2&columnId=82e1", "hanweb 9/2/5 0:/TrueCMS/messageController/getMessage.do?startrecord=5&endrecord=6&perpage=2&columnId=82e1"},
		{"data_total.json", "http://www.yunhe.example/search/ab12?_pageSize=2&page=2", "data 7/2/4 3:/search/ab12?_pageSize=2&page=3"},
		{"data_more.json", "http://www.yunhe.example/news/more?pageIndex=4", "data 0/0/0 5:/news/more?pageIndex=5"},
		{"script_call.html", "http://www.yunhe.example/zwgk/tzgg/list.jsp?type=3", "script 405/0/21 2:list.jsp?type=3&pageNo=2 3:list.jsp?type=3&pageNo=3 … 17 … 21:list.jsp?type=3&pageNo=21"},
		{"script_zero.html", folder, "script 0/0/3 2:list_1.html 3:list_2.html"},
		{"script_form.html", "http://www.yunhe.example/list.action", "script 0/0/38 2:/list.action#!post:cpage=2&type=2 3:/list.action#!post:cpage=3&type=2 … 34 … 38:/list.action#!post:cpage=38&type=2"},
		{"script_form_get.html", folder, "script 0/0/9 2:list.do?catalog=7&pageNum=2 3:list.do?catalog=7&pageNum=3 … 5 … 9:list.do?catalog=7&pageNum=9"},
		{"script_post.html", "http://www.yunhe.example/col/col81/index.html", "script 233/0/12 2:/module/xxgk/search.jsp?area=320&currpage=2#!post: 3:/module/xxgk/search.jsp?area=320&currpage=3#!post: … 8 … 12:/module/xxgk/search.jsp?area=320&currpage=12#!post:"},
		{"script_plugin.html", "http://www.yunhe.example/notice/list", "script 123/10/13 2:/notice/list?page=2&limit=10 3:/notice/list?page=3&limit=10 … 9 … 13:/notice/list?page=13&limit=10"},
		{"script_rows.html", folder, "script 0/0/0 1:/search/ab12?_pageSize=18&page=0"},
		{"plain_buttons.html", folder + "index.jhtml", "plain 135/0/14 2:index_2.jhtml 3:index_3.jhtml … 10 … 14:index_14.jhtml"},
		{"plain_last.html", "http://www.yunhe.example/814/list.htm", "plain 12222/14/873 2:/814/list2.htm 3:/814/list3.htm … 869 … 873:/814/list873.htm"},
		{"plain_count.html", folder + "index.html", "plain 178/0/9 2:2.html 3:3.html … 5 … 9:9.html"},
		{"webber_numbers.html", "http://www.yunhe.example/zwgk/tzgg.htm", "webber 52/0/11 2:10.htm 3:9.htm … 7 … 11:1.htm"},
		{"trs_records.html", folder + "nei.htm", "trs 33/15/3 2:nei_1.htm 3:nei_2.htm"},
		{"trs_commented.html", folder, "trs 0/0/17 2:index_1.html 3:index_2.html … 13 … 17:index_16.html"},
		{"aspnet_grid_later.html", "http://www.yunhe.example/List.aspx", "aspnet 0/0/0 12:/List.aspx#!post:__EVENTARGUMENT=Page%2411&__EVENTARGUMENT=Page%2412&__EVENTTARGET=GridView1&__EVENTTARGET=GridView1 " +
			"13:/List.aspx#!post:__EVENTARGUMENT=Page%2411&__EVENTARGUMENT=Page%2413&__EVENTTARGET=GridView1&__EVENTTARGET=GridView1 20:/List.aspx#!post:__EVENTARGUMENT=Page%2411&__EVENTARGUMENT=Page%2420&__EVENTTARGET=GridView1&__EVENTTARGET=GridView1 21:/List.aspx#!post:__EVENTARGUMENT=Page%2411&__EVENTARGUMENT=Page%2421&__EVENTTARGET=GridView1&__EVENTTARGET=GridView1"},
		{"aspnet_next.html", "http://www.yunhe.example/List.aspx", "aspnet 43/0/4 2:/List.aspx#!post:__EVENTARGUMENT=&__EVENTTARGET=lnkNext " +
			"3:/List.aspx#!post:__EVENTARGUMENT=&__EVENTARGUMENT=&__EVENTTARGET=lnkNext&__EVENTTARGET=lnkNext 4:/List.aspx#!post:__EVENTARGUMENT=&__EVENTARGUMENT=&__EVENTARGUMENT=&__EVENTTARGET=lnkNext&__EVENTTARGET=lnkNext&__EVENTTARGET=lnkNext"},
		{"epoint_paging.html", "http://www.yunhe.example/jyxx/071001/", "plain 525/0/35 2:/jyxx/071001/?Paging=2 3:/jyxx/071001/?Paging=3 … 31 … 35:/jyxx/071001/?Paging=35"},
		{"ewb.html", folder + "003001002/list.html", "ewb 0/0/0"},
		{"form_state.html", "http://www.yunhe.example/List.aspx", "form 11/0/4 2:/List.aspx#!post:__EVENTARGUMENT=&__EVENTTARGET=&btnNext=%E4%B8%8B%E4%B8%80%E9%A1%B5 " +
			"3:/List.aspx#!post:__EVENTARGUMENT=&__EVENTARGUMENT=&__EVENTTARGET=&__EVENTTARGET=&btnNext=%E4%B8%8B%E4%B8%80%E9%A1%B5&btnNext=%E4%B8%8B%E4%B8%80%E9%A1%B5 " +
			"4:/List.aspx#!post:__EVENTARGUMENT=&__EVENTARGUMENT=&__EVENTARGUMENT=&__EVENTTARGET=&__EVENTTARGET=&__EVENTTARGET=&btnNext=%E4%B8%8B%E4%B8%80%E9%A1%B5&btnNext=%E4%B8%8B%E4%B8%80%E9%A1%B5&btnNext=%E4%B8%8B%E4%B8%80%E9%A1%B5"},
		{"form_turn.html", folder, "form 0/0/9 2:/list.do#!post:pageNum=2&type=3 3:/list.do#!post:pageNum=3&type=3 … 5 … 9:/list.do#!post:pageNum=9&type=3"},
		{"form_button.html", folder, "form 0/0/9 2:list.do?type=3&page=2 3:list.do?type=3&page=3 … 5 … 9:list.do?type=3&page=9"},
		{"form_remembers.html", folder, "form 0/0/0 2:/list.do#!post:curPage=1&turn="},
		{"menu_call.html", folder + "list.asp?c=5", "script 0/0/7 2:list.asp?c=5&page=2 3:list.asp?c=5&page=3 … 3 … 7:list.asp?c=5&page=7"},
		{"menu_open.html", folder + "list.asp?c=5", "script 0/0/7 2:list.asp?c=5&page=2 3:list.asp?c=5&page=3 … 3 … 7:list.asp?c=5&page=7"},
		{"menu_form.html", folder, "script 0/0/7 2:list.jsp#!post:c=5&page=2 3:list.jsp#!post:c=5&page=3 … 3 … 7:list.jsp#!post:c=5&page=7"},
		{"menu_state.html", folder, "script 0/0/7 2:#!post:__EVENTARGUMENT=&__EVENTTARGET=ddl&ddl=2 3:#!post:__EVENTARGUMENT=&__EVENTTARGET=ddl&ddl=3 … 3 … 7:#!post:__EVENTARGUMENT=&__EVENTTARGET=ddl&ddl=7"},
		{"data_url.html", folder + "index.html", "plain 0/0/9 2:index_2.html 3:index_3.html … 5 … 9:index_9.html"},
		{"data_page.html", folder, "script 0/0/9 2:/list?page=2 3:/list?page=3 … 5 … 9:/list?page=9"},
		{"numbers.html", folder, "plain 0/0/12 2:?page=2 3:?page=3 … 8 … 12:?page=12"},
		{"numbers.html", folder + "?page=3", "plain 0/0/0 2:?page=2 12:?page=12"},
		{"script_more.html", folder, "script 0/0/0 2:/api/list?channel=12&page=2"},
	} {
		t.Run(c.file, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join("testdata", c.file))
			if err != nil {
				t.Fatal(err)
			}
			if got := brief(readPage(t, c.address, string(body))); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestADirectoryInOnePageLeadsToItsColumns(t *testing.T) {
	body, err := os.ReadFile("testdata/gkmlpt.html")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"http://www.yunhe.example/gkmlpt/index":              "规范性文件 /gkmlpt/api/all/12?page=1&sid=755041, 其他文件 /gkmlpt/api/all/13?page=1&sid=755041, 工作动态 /gkmlpt/api/all/30?page=1&sid=755041",
		"http://www.yunhe.example/yhjy/gkmlpt/mindex/":       "规范性文件 /yhjy/gkmlpt/api/all/12?page=1&sid=755041, 其他文件 /yhjy/gkmlpt/api/all/13?page=1&sid=755041, 工作动态 /yhjy/gkmlpt/api/all/30?page=1&sid=755041",
		"http://www.yunhe.example/gkmlpt/content/9/9/1.html": "",
		"http://www.yunhe.example/":                          "",
	} {
		var got []string
		for _, c := range readPage(t, address, string(body)).Columns {
			got = append(got, c.Title+" "+strings.TrimPrefix(c.URL.String(), "http://www.yunhe.example"))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s leads to %v, want %s", address, got, want)
		}
	}
}
