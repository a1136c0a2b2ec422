from contacts.seeding.country import Country

TURKEY = Country(
    share=6,
    language="tr",
    women="""
        Fatma Ayşe Emine Hatice Zeynep Elif Meryem Merve Zehra Esra Özlem Sultan Yasemin Büşra Hülya Songül Sevgi Gülşen
        Derya Ebru Tuğba Dilek Sibel Pınar Aslı Selin Defne Ece Melis İrem Gizem Burcu Seda Nur Gamze Hande Şule Tülay
        Nazlı Ceren
    """,
    men="""
        Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan Halil Süleyman Abdullah
        Mahmut Salih Kemal Recep Emre Burak Can Cem Serkan Hakan Tolga Onur Kaan Barış Deniz Eren Volkan Uğur Gökhan
        Selim Erdem Tuncay Yiğit Orhan
    """,
    families="""
        Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt
        Özkan Şimşek Polat Korkmaz Erdoğan Güneş Bulut Keskin Ünal Turan Gül Avcı Işık Tekin Bozkurt Aksoy Karaca Sarı
        Yalçın Güler Taş Ateş Ekinci Uysal
    """,
    places={
        "Europe/Istanbul": (
            "İstanbul, Ankara, İzmir, Bursa, Antalya, Konya, Adana, Gaziantep, Eskişehir, Trabzon, Diyarbakır"
        ),
    },
    calling_code="90",
    mobiles="53 54 50 55",
    free_digits=8,
    letters={"ı": "i"},
)
