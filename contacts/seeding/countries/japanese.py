from contacts.seeding.country import Country

JAPAN = Country(
    share=3,
    language="ja",
    women="""
        陽菜:hina 葵:aoi 結衣:yui さくら:sakura 美咲:misaki 凛:rin 優子:yuko 恵子:keiko 真由美:mayumi
        由美子:yumiko 明美:akemi 久美子:kumiko 智子:tomoko 直美:naomi 愛:ai 麻衣:mai 彩:aya 千尋:chihiro 奈々:nana
        花子:hanako 莉子:riko 美優:miyu 七海:nanami 遥:haruka 楓:kaede 杏:an 紗希:saki 里奈:rina 沙織:saori
        香織:kaori 恵美:emi 理恵:rie 典子:noriko 陽子:yoko 和子:kazuko 幸子:sachiko 京子:kyoko 美穂:miho 絵里:eri
        綾香:ayaka 未来:miku
    """,
    men="""
        蓮:ren 大翔:hiroto 陽翔:haruto 翔太:shota 大輔:daisuke 健太:kenta 拓也:takuya 直樹:naoki 健一:kenichi
        達也:tatsuya 翔:sho 和也:kazuya 誠:makoto 隆:takashi 浩:hiroshi 学:manabu 剛:tsuyoshi 亮:ryo 涼太:ryota
        悠斗:yuto 湊:minato 颯太:sota 樹:itsuki 海斗:kaito 雄大:yudai 一郎:ichiro 太郎:taro 次郎:jiro 淳:jun
        修:osamu 豊:yutaka 茂:shigeru 進:susumu 明:akira 勝:masaru 聡:satoshi 哲也:tetsuya 裕太:yuta 祐介:yusuke
        康平:kohei
    """,
    families="""
        佐藤:sato 鈴木:suzuki 高橋:takahashi 田中:tanaka 伊藤:ito 渡辺:watanabe 山本:yamamoto 中村:nakamura
        小林:kobayashi 加藤:kato 吉田:yoshida 山田:yamada 佐々木:sasaki 山口:yamaguchi 松本:matsumoto 井上:inoue
        木村:kimura 林:hayashi 斎藤:saito 清水:shimizu 山崎:yamazaki 森:mori 池田:ikeda 橋本:hashimoto 阿部:abe
        石川:ishikawa 山下:yamashita 中島:nakajima 石井:ishii 小川:ogawa 前田:maeda 岡田:okada 長谷川:hasegawa
        藤田:fujita 後藤:goto 近藤:kondo 村上:murakami 遠藤:endo 青木:aoki 坂本:sakamoto
    """,
    places={"Asia/Tokyo": "東京, 大阪, 横浜, 名古屋, 札幌, 福岡, 京都, 神戸, 仙台, 広島"},
    calling_code="81",
    mobiles="801 802 803 805 806 808 809 901 902 903 904 905 906 908 909 701 702 703 704 708 709",
    free_digits=7,
)
