"""apply.py ROOT: sentences old -> new in sources, tests and catalogues."""
import json,re,sys
from pathlib import Path
from babel.messages.pofile import read_po, write_po
root=Path(sys.argv[1]); pairs=json.load(open('map.json'))
extra=json.load(open('extra.json')) if Path('extra.json').exists() else []
files=[f for pat in ('templates/**/*.html','templates/**/*.txt','portal/**/*.py','static/js/**/*.js','tests/**/*.py','docs/*.md') for f in root.glob(pat) if 'node_modules' not in f.parts]
texts={f:f.read_text() for f in files}; orig=dict(texts)
def variants(s):
    yield s
    if "'" in s: yield s.replace("'","\\'")
    if '"' in s: yield s.replace('"','\\"')
missing=[]
single=[]
for p in pairs:
    olds,news=p['old'].split(' || '),p['new'].split(' || ')
    single+=list(zip(olds,news))
for old,new in sorted(single,key=lambda t:-len(t[0])):
    if old==new: continue
    n=0
    for v,w in zip(variants(old),variants(new) if ("'" in new)==("'" in old) and ('"' in new)==('"' in old) else [new]*3):
        short=len(old)<16
        pat=re.compile((r"(?<=['\">])" if short else '')+re.escape(v)+(r"(?=['\"<])" if short else ''))
        for f in files:
            if short and f.suffix=='.py' and 'tests' in f.parts: continue
            t,k=pat.subn(lambda m:w,texts[f])
            if k: texts[f]=t; n+=k
    if not n:
        pat=re.compile(re.escape(old).replace('\\ ',r'(?: |"\s*\n\s*"| "\s*\n\s*"|\s*\n\s*)'))
        for f in files:
            t,k=pat.subn(lambda m:new,texts[f])
            if k: texts[f]=t; n+=k; print('joined',f.relative_to(root),new[:50])
    if not n: missing.append(old)
for f in files:
    if texts[f]!=orig[f]: f.write_text(texts[f])
for code in ('de','ar'):
    po=root/f'portal/translations/{code}.po'
    c=read_po(open(po,'rb'))
    byold={p['old']:p for p in pairs}
    for m in list(c):
        if not m.id: continue
        key=m.id if isinstance(m.id,str) else ' || '.join(m.id)
        if key in byold:
            new=byold[key]['new']; nid=new if ' || ' not in new else tuple(new.split(' || '))
            s=byold[key].get(code+'_new') or m.string
            first=nid if isinstance(nid,str) else nid[0]
            del c[m.id if isinstance(m.id,str) else m.id[0]]
            if c.get(first) is None: c.add(nid,s,locations=m.locations,flags=m.flags,auto_comments=m.auto_comments)
    write_po(open(po,'wb'),c,width=120,omit_header=False,sort_output=False)
print('not found',len(missing)); print('\n'.join(missing))
