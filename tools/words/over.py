import json
m=json.load(open('map.json'))
DE={'We are registering you with %(name)s.':'Wir melden Sie bei %(name)s an.','We are registering you with the proctoring provider.':'Wir melden Sie beim Aufsichtsdienst an.','%(name)s has not registered you yet.':'%(name)s hat Sie noch nicht angemeldet.','Registering since':'Anmeldung läuft seit','Try again now':'Jetzt noch einmal versuchen','Appeal':'Einspruch erheben','You appealed, and the course team has answered.':'Sie haben Einspruch erhoben, und das Kursteam hat geantwortet.','Incidents':'Vorkommnisse','Practised: incidents reported':'Geübt: mit Vorkommnissen','Practised: no incidents':'Geübt: ohne Vorkommnisse','No incidents. That is how it should go when it counts.':'Keine Vorkommnisse. So sollte es auch gehen, wenn es zählt.','Submit exam':'Prüfung abgeben','Normal':'Normal','Repeat the password':'Passwort wiederholen','Remove the file':'Datei entfernen','Please correct this':'Bitte korrigieren Sie das','your exam %(exam)s was suspended, and your remaining time is kept.':'Ihre Prüfung %(exam)s wurde unterbrochen, und Ihre restliche Zeit bleibt Ihnen erhalten.'}
AR={'We are registering you with %(name)s.':'نسجّلك الآن لدى %(name)s.','We are registering you with the proctoring provider.':'نسجّلك الآن لدى جهة المراقبة.','%(name)s has not registered you yet.':'لم يسجّلك %(name)s بعد.','Registering since':'التسجيل جارٍ منذ','Try again now':'حاول مجددًا الآن'}
for p in m:
    if p['new'] in DE: p['de_new']=DE[p['new']]
    if p['new'] in AR: p['ar_new']=AR[p['new']]
json.dump(m,open('map.json','w'),ensure_ascii=False,indent=0)
