from contacts.seeding.country import Country

ISRAEL = Country(
    share=4,
    language="he",
    women="""
        נועה:noa מאיה:maya תמר:tamar שרה:sarah רחל:rachel יעל:yael מיכל:michal אסתר:esther רותם:rotem שירה:shira
        טליה:talia עדי:adi הדס:hadas ליאת:liat אורית:orit גלית:galit דנה:dana קרן:keren ענת:anat רונית:ronit
        לימור:limor אפרת:efrat חנה:hanna מרים:miriam לאה:leah רבקה:rivka דינה:dina נטע:neta ענבר:inbar סיון:sivan
        מורן:moran שני:shani איילת:ayelet אביגיל:avigail הילה:hila רוני:roni ליאורה:liora דפנה:dafna נורית:nurit
        אילנה:ilana
    """,
    men="""
        דוד:david יוסף:yosef משה:moshe אברהם:avraham יעקב:yaakov יצחק:yitzhak דניאל:daniel אורי:uri איתי:itay
        עומר:omer נועם:noam איתן:eitan אריאל:ariel יונתן:yonatan אלון:alon גיא:guy רון:ron אמיר:amir עידו:ido גל:gal
        תומר:tomer ניר:nir אסף:asaf אייל:eyal שי:shay ליאור:lior עמית:amit רועי:roi יואב:yoav אבי:avi חיים:haim
        שלמה:shlomo מיכאל:michael אליהו:eliyahu בנימין:binyamin נתן:natan שמעון:shimon עמוס:amos ברק:barak זאב:zeev
    """,
    families="""
        כהן:cohen לוי:levy מזרחי:mizrahi פרץ:peretz ביטון:biton דהן:dahan אברהם:avraham פרידמן:friedman מלכה:malka
        אזולאי:azoulay כץ:katz יוסף:yosef דוד:david עמר:amar אוחיון:ohayon חדד:hadad גבאי:gabay אדרי:edri לביא:lavi
        שפירא:shapira סגל:segal רוזן:rosen גולדברג:goldberg וייס:weiss קליין:klein שטרן:stern ברק:barak אלון:alon
        שרון:sharon הראל:harel גולן:golan כרמי:carmi טל:tal נחום:nahum סויסה:suissa אסולין:asulin רביבו:revivo
        טולדנו:toledano אלמוג:almog שגיא:sagi
    """,
    places={"Asia/Jerusalem": "ירושלים, תל אביב, חיפה, ראשון לציון, פתח תקווה, אשדוד, נתניה, באר שבע, רמת גן, אילת"},
    calling_code="972",
    mobiles="""
        502 503 504 505 506 507 508 509 522 523 524 525 526 527 528 529 542 543 544 545 546 547 548 549 583 584 585 586
    """,
    free_digits=6,
)
