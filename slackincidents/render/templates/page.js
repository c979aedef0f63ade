(function(){
'use strict';
var doc=document,body=doc.body,pane=doc.querySelector('.pane'),all=doc.getElementById('all');
var inside=location.protocol==='about:',open=null,opener=null,roots=new Map();
doc.documentElement.classList.add('js');
function each(query,from,run){Array.prototype.forEach.call(from.querySelectorAll(query),run);}
function bare(node){
  var copy=node.cloneNode(true);
  copy.removeAttribute('id');
  each('[id]',copy,function(el){el.removeAttribute('id');});
  each('.thread',copy,function(el){el.remove();});
  return copy;
}
function menu(on){
  body.classList.toggle('menu-open',on);
  doc.querySelector('.menu').setAttribute('aria-expanded',String(on));
}
function close(){
  if(!open)return;
  open.classList.remove('on');
  open.appendChild(pane.querySelector('.replies'));
  pane.hidden=true;
  body.classList.remove('threaded');
  open=null;
}
function thread(details,focus){
  if(open===details)return;
  close();
  var root=details.closest('.msg'),replies=details.querySelector('.replies'),into=pane.querySelector('.scroll');
  var count=line('count',details.querySelector('summary b').textContent);
  var copy=bare(root);
  copy.classList.remove('joined');
  into.textContent='';
  into.appendChild(copy);
  into.appendChild(count);
  into.appendChild(replies);
  into.scrollTop=0;
  pane.querySelector('.topic').textContent=details.getAttribute('data-channel');
  pane.hidden=false;
  body.classList.add('threaded');
  details.classList.add('on');
  open=details;
  opener=details.querySelector('summary');
  if(focus)pane.querySelector('.close').focus();
}
function line(kind,text){
  var made=doc.createElement('div');
  made.className=kind;
  made.textContent=text;
  return made;
}
function divider(text){
  var day=line('day',''),inner=doc.createElement('span');
  inner.textContent=text;
  day.appendChild(inner);
  return day;
}
function opening(replies){
  var content=replies.closest('.content');
  var text=(content.querySelector('.body').textContent||(content.querySelector('.card')||content).textContent).trim();
  text=text.split('\n')[0];
  return text.length>60?text.slice(0,59)+'…':text;
}
function timeline(){
  var flow=all.querySelector('.flow');
  if(flow.firstChild)return;
  var found=Array.prototype.slice.call(doc.querySelectorAll('.room:not(#all) .msg, .pane .replies .msg'));
  found=found.map(function(el){return[Date.parse(el.getAttribute('data-t')),Number(el.id.slice(1)),el];});
  found.sort(function(a,b){return a[0]-b[0]||a[1]-b[1];});
  var day='',before=null;
  found.forEach(function(one){
    var copy=bare(one[2]),date=copy.querySelector('time').title.split(' at ')[0];
    if(date!==day)flow.appendChild(divider(day=date));
    copy.classList.remove('joined');
    var thread=one[2].closest('.replies');
    if(thread&&thread!==before)copy.querySelector('.who').insertAdjacentElement('afterend',line('else','replied to a thread: '+roots.get(thread)));
    before=thread;
    flow.appendChild(copy);
  });
}
function show(id,top){
  var room=doc.getElementById(id);
  if(!room||!room.classList.contains('room'))return false;
  if(id==='all')timeline();
  if(!room.classList.contains('now'))close();
  each('.room',doc,function(el){el.classList.toggle('now',el===room);});
  each('a.item',doc,function(el){
    if(el.getAttribute('href')==='#'+id)el.setAttribute('aria-current','page');
    else el.removeAttribute('aria-current');
  });
  if(top)room.querySelector('.scroll').scrollTop=0;
  menu(false);
  return true;
}
function message(id){
  var msg=/^m\d+$/.test(id)&&doc.getElementById(id);
  if(!msg)return false;
  if(!(open&&pane.contains(msg))){
    close();
    show(msg.closest('.room').id);
    var details=msg.parentNode.closest('.thread');
    if(details)thread(details,false);
  }
  each('.hit',doc,function(el){el.classList.remove('hit');});
  msg.classList.add('hit');
  msg.scrollIntoView({block:'center'});
  return true;
}
function go(id){
  if(id==='rooms'){doc.getElementById('rooms').focus();return true;}
  return show(id,true)||message(id);
}
each('.replies',doc,function(el){roots.set(el,opening(el));});
doc.addEventListener('click',function(event){
  var target=event.target,link=target.closest('a[href^="#"]'),summary=target.closest('.thread>summary');
  if(summary){event.preventDefault();thread(summary.parentNode,true);}
  else if(link){
    var id=link.getAttribute('href').slice(1);
    if(go(id)){event.preventDefault();if(!inside&&id!=='rooms')history.replaceState(null,'','#'+id);}
  }else if(target.closest('.close')){close();if(opener)opener.focus();}
  else if(target.closest('.menu'))menu(!body.classList.contains('menu-open'));
  else if(!target.closest('.side'))menu(false);
});
doc.addEventListener('keydown',function(event){
  if(event.key!=='Escape')return;
  menu(false);
  if(open){close();if(opener)opener.focus();}
});
window.addEventListener('hashchange',function(){go(location.hash.slice(1));});
if(!go(location.hash.slice(1))){
  show(body.getAttribute('data-first'),true);
  var first=doc.getElementById('t'+body.getAttribute('data-thread'));
  if(first&&window.innerWidth>1000)thread(first,false);
}
})();
