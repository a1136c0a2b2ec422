from contacts.seeding.country import Country

EGYPT = Country(
    share=4,
    language="ar",
    women="""
        فاطمة:fatma مريم:mariam نور:nour سارة:sara ياسمين:yasmin منى:mona هبة:heba دعاء:doaa آية:aya إيمان:eman
        أسماء:asmaa رانيا:rania دينا:dina هدى:hoda سلمى:salma ندى:nada ريم:reem شيماء:shaimaa نهى:noha عبير:abeer
        أمل:amal زينب:zeinab خديجة:khadija ليلى:laila سمر:samar غادة:ghada إسراء:esraa رحمة:rahma ملك:malak
        حبيبة:habiba جنى:jana نادية:nadia سناء:sanaa سحر:sahar وفاء:wafaa هالة:hala مروة:marwa رضوى:radwa
        علياء:aliaa إنجي:engy
    """,
    men="""
        محمد:mohamed أحمد:ahmed محمود:mahmoud مصطفى:mostafa علي:ali عمر:omar خالد:khaled حسن:hassan حسين:hussein
        إبراهيم:ibrahim يوسف:youssef كريم:karim طارق:tarek عمرو:amr هشام:hesham شريف:sherif أيمن:ayman وائل:wael
        ياسر:yasser سامي:samy سمير:samir عادل:adel عصام:essam تامر:tamer رامي:ramy وليد:walid ماجد:maged حازم:hazem
        إسلام:eslam بلال:belal زياد:ziad أسامة:osama جمال:gamal صلاح:salah فؤاد:fouad ناصر:nasser نبيل:nabil
        باسم:bassem سيف:seif مازن:mazen
    """,
    families="""
        السيد:elsayed عبدالله:abdallah إبراهيم:ibrahim حسن:hassan علي:ali محمود:mahmoud الشناوي:elshenawy
        المصري:elmasry عبدالرحمن:abdelrahman النجار:elnaggar الحداد:elhaddad منصور:mansour سليمان:soliman
        عثمان:osman فاروق:farouk سالم:salem يونس:younes صبري:sabry رمضان:ramadan شعبان:shaaban فوزي:fawzy كامل:kamel
        شحاتة:shehata غنيم:ghoneim الجمال:elgammal حجازي:hegazy الشافعي:elshafei رشدي:roshdy زكي:zaki بدوي:badawy
        القاضي:elkady عوض:awad مرسي:morsy نصر:nasr الخولي:elkholy شاهين:shahin درويش:darwish البنا:elbanna عزت:ezzat
        فهمي:fahmy
    """,
    places={"Africa/Cairo": "القاهرة, الإسكندرية, الجيزة, بورسعيد, السويس, الأقصر, أسوان, طنطا, المنصورة, أسيوط"},
    calling_code="20",
    mobiles="10 11 12 15",
    free_digits=8,
)
