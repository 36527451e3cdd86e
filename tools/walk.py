"""walk.py BASE OUT CHROMIUM_FOLDER: signs in as each demo person and takes pictures of what they open."""
import os,sys,re
from pathlib import Path
from playwright.sync_api import sync_playwright
base,out,chrom=sys.argv[1],Path(sys.argv[2]),Path(sys.argv[3]); out.mkdir(parents=True,exist_ok=True)
PW="look-around-2026"
problems=[]
def launch(p):
    return p.chromium.launch(executable_path=str(chrom/"chromium"),args=["--no-zygote"],env={**os.environ,"LD_LIBRARY_PATH":str(chrom/"lib"),"FONTCONFIG_FILE":str(chrom/"fonts.conf")},chromium_sandbox=False)
def sign(ctx,who):
    page=ctx.new_page()
    page.on("pageerror",lambda e:problems.append(f"{who}: {e}"))
    page.on("console",lambda m:problems.append(f"{who} console {m.type}: {m.text}") if m.type in("error",) else None)
    page.on("response",lambda r:problems.append(f"{who} {r.status} {r.url}") if r.status>=400 else None)
    page.goto(base+"/sign-in") if False else page.goto(base+"/")
    page.fill("input[name=email]",who+"@example.org"); page.fill("input[name=password]",PW)
    page.locator("main form button").first.click(); page.wait_for_load_state("networkidle")
    return page
def shot(page,name):
    page.wait_for_timeout(250)
    page.screenshot(path=str(out/f"{name}.png"),full_page=True)
    wide=page.evaluate("document.documentElement.scrollWidth>document.documentElement.clientWidth+1")
    if wide: problems.append(f"{name}: wider than the window")
def visit(page,urls,prefix):
    for name,url in urls:
        page.goto(base+url if url.startswith("/") else url); page.wait_for_load_state("networkidle"); shot(page,f"{prefix}-{name}")
def links(page,url,pattern):
    page.goto(base+url); page.wait_for_load_state("networkidle")
    found=[]
    for h in page.eval_on_selector_all("a[href]","els=>els.map(e=>e.getAttribute('href'))"):
        if re.fullmatch(pattern,h.split('?')[0]) and h.split('?')[0] not in found: found.append(h.split('?')[0])
    return found
SHAPES={"wide":dict(viewport={"width":1280,"height":860}),"dark":dict(viewport={"width":1280,"height":860},color_scheme="dark"),"small":dict(viewport={"width":360,"height":740})}
with sync_playwright() as p:
    b=launch(p)
    for shape,opts in SHAPES.items():
        ctx=b.new_context(**opts); ctx.set_default_timeout(20000)
        page=ctx.new_page(); page.goto(base+"/"); shot(page,f"{shape}-signin"); page.close()
        page=sign(ctx,"learner")
        exams=links(page,"/me/exams/",r"/exams/[\w-]+/"); print(shape,exams)
        visit(page,[("exams","/me/exams/"),("help","/help"),("onboarding","/me/onboarding/"),("settings","/settings") ]+[(e.split('/')[2],e) for e in exams],f"{shape}-learner")
        for a in links(page,"/me/exams/",r"/attempts/[\w-]+/(status)?"): visit(page,[(a.split('/')[2],a)],f"{shape}-learner-attempt")
        ctx.close()
        ctx=b.new_context(**opts); ctx.set_default_timeout(20000); page=sign(ctx,"staff")
        courses=links(page,"/teach/",r"/teach/courses/[\w-]+/"); print(courses)
        visit(page,[("home","/teach/"),("cases","/teach/cases")],f"{shape}-staff")
        for c in courses[:1]:
            visit(page,[("course",c),("allowances",c+"allowances"),("onboarding",c+"onboarding"),("requirements",c+"requirements"),("log",c+"provider-log")],f"{shape}-staff")
            ex=links(page,c,r"/teach/exams/[\w-]+/")
            for e in ex[:3]: visit(page,[(e.split('/')[3],e),(e.split('/')[3]+"-attempts",e+"attempts"),(e.split('/')[3]+"-questions",e+"questions")],f"{shape}-staff")
            seen=0
            for e in ex:
                for a in links(page,e+"attempts",r"/teach/attempts/[\w-]+/"):
                    if seen<4: visit(page,[(a.split('/')[3],a)],f"{shape}-staff-attempt"); seen+=1
        ctx.close()
        ctx=b.new_context(**opts); ctx.set_default_timeout(20000); page=sign(ctx,"team")
        courses=links(page,"/teach/",r"/teach/courses/[\w-]+/")
        ex=links(page,courses[0],r"/teach/exams/[\w-]+/")
        visit(page,[("settings",courses[0]+"settings"),("examsettings",ex[0]+"settings")],f"{shape}-team")
        ctx.close()
        ctx=b.new_context(**opts); ctx.set_default_timeout(20000); page=sign(ctx,"reviewer")
        visit(page,[("queue","/review/")],f"{shape}-reviewer")
        for r in links(page,"/review/",r"/review/[\w-]+"): visit(page,[(r.split('/')[2],r)],f"{shape}-reviewer")
        ctx.close()
        ctx=b.new_context(**opts); ctx.set_default_timeout(20000); page=sign(ctx,"proctor")
        visit(page,[("home","/teach/")],f"{shape}-proctor"); ctx.close()
    b.close()
print(*sorted(set(problems)),sep="\n")
