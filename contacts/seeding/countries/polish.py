from contacts.seeding.country import Country

POLAND = Country(
    share=10,
    language="pl",
    women="""
        Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Magdalena Elżbieta Joanna Aleksandra Zofia
        Monika Teresa Danuta Natalia Karolina Marta Julia Beata Dorota Jadwiga Janina Alicja Jolanta Grażyna Iwona
        Irena Paulina Justyna Zuzanna Bożena Wiktoria Urszula Renata Hanna Sylwia Agata Patrycja Kinga Oliwia
    """,
    men="""
        Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Jakub Adam Stanisław Marek Łukasz Grzegorz Mateusz
        Wojciech Mariusz Dariusz Zbigniew Maciej Rafał Robert Kamil Jerzy Dawid Szymon Kacper Ryszard Tadeusz Jarosław
        Artur Sebastian Bartosz Filip Przemysław Damian Patryk Hubert Igor Zdzisław Mikołaj Wiktor
    """,
    families="""
        Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski
        Jankowski Mazur Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek
        Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Nowicki Pawlak
        Górski Witkowski Walczak Sikora Baran Rutkowski Michalak Szewczyk Ostrowski Tomaszewski Zawadzki Lis
    """,
    feminine={"ski": "ska", "cki": "cka", "dzki": "dzka"},
    places={
        "Europe/Warsaw": "Warszawa, Kraków, Wrocław, Łódź, Poznań, Gdańsk, Szczecin, Lublin, Katowice, Rzeszów, Toruń",
    },
    calling_code="48",
    mobiles="50 51 53 57 60 66 69 72 73 78 79 88",
    free_digits=7,
    letters={"ł": "l"},
)
