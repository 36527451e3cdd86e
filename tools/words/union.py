"""union.py [theirs|ours] FILE...: import hunks are united, others take the named side (listed)."""
import re,sys
side=sys.argv[1]
imp=re.compile(r'^(from [\w.]+ import .*|import .*|\s+[\w, ]+,?|\)|\s*)$')
for f in sys.argv[2:]:
    s=open(f).read()
    def sub(m):
        ours,theirs=m.group(1),m.group(2)
        if all(imp.match(l) for l in (ours+theirs).splitlines()):
            return ours+theirs
        print('---',f); print('OURS:\n'+ours+'THEIRS:\n'+theirs)
        return theirs if side=='theirs' else ours
    s=re.sub(r'<<<<<<< [^\n]*\n(.*?)=======\n(.*?)>>>>>>> [^\n]*\n',sub,s,flags=re.S)
    open(f,'w').write(s)
