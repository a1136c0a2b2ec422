from contacts.seeding.country import Country

INDIA = Country(
    share=4,
    language="hi",
    women="""
        प्रिया:priya अंजलि:anjali पूजा:pooja नेहा:neha सुनीता:sunita अनीता:anita कविता:kavita रेखा:rekha सीमा:seema मीना:meena
        गीता:geeta सीता:sita राधा:radha लक्ष्मी:lakshmi सरिता:sarita ममता:mamta आशा:asha उषा:usha निशा:nisha रितु:ritu
        स्वाति:swati दीपिका:deepika श्रेया:shreya दिव्या:divya काजल:kajal ज्योति:jyoti किरण:kiran मनीषा:manisha
        शालिनी:shalini वंदना:vandana आरती:aarti भारती:bharti रश्मि:rashmi शिल्पा:shilpa मोनिका:monika तनवी:tanvi
        अदिति:aditi ईशा:isha मीरा:meera नंदिनी:nandini
    """,
    men="""
        राहुल:rahul अमित:amit राज:raj विजय:vijay संजय:sanjay अजय:ajay सुनील:sunil अनिल:anil राजेश:rajesh सुरेश:suresh
        रमेश:ramesh महेश:mahesh दिनेश:dinesh मुकेश:mukesh अरुण:arun विकास:vikas विशाल:vishal रोहित:rohit मोहित:mohit
        अर्जुन:arjun करण:karan आदित्य:aditya सचिन:sachin मनोज:manoj अशोक:ashok रवि:ravi गौरव:gaurav निखिल:nikhil
        वरुण:varun हर्ष:harsh दीपक:deepak प्रदीप:pradeep संदीप:sandeep कुणाल:kunal नीरज:neeraj पंकज:pankaj आकाश:akash
        अभिषेक:abhishek राकेश:rakesh शिव:shiv
    """,
    families="""
        शर्मा:sharma वर्मा:verma गुप्ता:gupta सिंह:singh कुमार:kumar पटेल:patel यादव:yadav मिश्रा:mishra अग्रवाल:agarwal
        जोशी:joshi चौधरी:chaudhary मेहता:mehta शाह:shah देसाई:desai पांडे:pandey तिवारी:tiwari दुबे:dubey त्रिपाठी:tripathi
        चतुर्वेदी:chaturvedi सक्सेना:saxena श्रीवास्तव:srivastava कपूर:kapoor खन्ना:khanna मल्होत्रा:malhotra चोपड़ा:chopra
        भाटिया:bhatia अरोड़ा:arora बंसल:bansal गोयल:goyal जैन:jain ठाकुर:thakur राठौर:rathore चौहान:chauhan सोलंकी:solanki
        नायर:nair मेनन:menon रेड्डी:reddy राव:rao कुलकर्णी:kulkarni भट्ट:bhatt
    """,
    places={"Asia/Kolkata": "दिल्ली, मुंबई, बेंगलुरु, हैदराबाद, अहमदाबाद, चेन्नई, कोलकाता, पुणे, जयपुर, लखनऊ"},
    calling_code="91",
    mobiles="98 99 97 96 95 94 93",
    free_digits=8,
)
