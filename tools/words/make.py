import json,re
from babel.messages.pofile import read_po
c=read_po(open('portal/translations/de.po','rb')); ar=read_po(open('portal/translations/ar.po','rb'))
ms=[m for m in c if m.id]
out=[]
for line in open('map.txt'):
    i,new=line.rstrip('\n').split('\t'); m=ms[int(i)]
    old=m.id if isinstance(m.id,str) else ' || '.join(m.id)
    if old==new: continue
    ph=lambda t: sorted(re.findall(r'%\(\w+\)s|\{\w+\}',t))
    if ph(old)!=ph(new): print('PLACEHOLDERS',i,old,'->',new)
    out.append({'old':old,'new':new,'de':m.string if isinstance(m.string,str) else list(m.string),'ar':(ar.get(m.id if isinstance(m.id,str) else m.id[0]).string)})
json.dump(out,open('map.json','w'),ensure_ascii=False,indent=0)
print(len(out))
for o in out: print(o['new'],'\n   ',o['de'])
