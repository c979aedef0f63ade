'use strict';
(function(){
var doc=document,waiting={},got={},MOST=40;
window.slackincidents=function(name,value){got[name]=value;};
function load(name,then){
  if(name in got)return then(got[name]);
  if(waiting[name])return waiting[name].push(then);
  waiting[name]=[then];
  var script=doc.createElement('script');
  script.src='data/'+name+'.js';
  script.onload=script.onerror=function(){
    if(!(name in got))got[name]=null;
    waiting[name].forEach(function(run){run(got[name]);});
    delete waiting[name];
  };
  doc.head.appendChild(script);
}
function all(names,then){
  var left=names.length;
  if(!left)return then();
  names.forEach(function(name){load(name,function(){if(!--left)then();});});
}
function words(text){
  return text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g,'').match(/[a-z0-9]{2,}/g)||[];
}
function places(word){
  var shelf=got['w-'+word.slice(0,2)]||{},found=new Set();
  Object.keys(shelf).forEach(function(known){
    if(known.slice(0,word.length)!==word)return;
    var at=0;
    shelf[known].forEach(function(step){at+=step;found.add(at);});
  });
  return found;
}
function both(sets){
  var first=sets[0];
  return Array.from(first).filter(function(one){return sets.every(function(set){return set.has(one);});}).sort(function(a,b){return a-b;});
}
function made(tag,text,kind){
  var el=doc.createElement(tag);
  if(text)el.textContent=text;
  if(kind)el.className=kind;
  return el;
}
function marked(text,asked){
  var line=made('div');
  text.split(/([A-Za-z0-9\u00c0-\u024f]+)/).forEach(function(part){
    var bare=words(part)[0]||'';
    var hit=bare&&asked.some(function(word){return bare.slice(0,word.length)===word;});
    line.appendChild(hit?made('mark',part):doc.createTextNode(part));
  });
  return line;
}
function row(one,asked){
  var item=made('li'),link=made('a','#'+one[0]+' · '+one[3]+' · '+one[2].replace('T',' '));
  link.href='c/'+one[0]+'/'+one[1];
  item.appendChild(link);
  item.appendChild(marked(one[4],asked));
  return item;
}
function show(ids,asked,size,from,list,more){
  var some=ids.slice(from,from+MOST);
  all(Array.from(new Set(some.map(function(id){return 'd-'+Math.floor(id/size);}))),function(){
    some.forEach(function(id){
      var one=(got['d-'+Math.floor(id/size)]||[])[id%size];
      if(one)list.appendChild(row(one,asked));
    });
    more.hidden=from+MOST>=ids.length;
    more.onclick=function(){show(ids,asked,size,from+MOST,list,more);};
  });
}
function search(text){
  var found=doc.getElementById('found'),asked=words(text);
  if(!found)return;
  found.hidden=!text;
  found.textContent='';
  if(!asked.length)return;
  all(['about'].concat(asked.map(function(word){return 'w-'+word.slice(0,2);})),function(){
    var ids=both(asked.map(places)),list=made('ol'),more=made('button','More');
    found.appendChild(made('h2',(ids.length===1?'1 message':ids.length+' messages')+' with “'+text+'”'));
    found.appendChild(list);
    found.appendChild(more);
    show(ids,asked,got.about?got.about.size:1,0,list,more);
  });
}
function reveal(){
  var hit=location.hash&&doc.getElementById(location.hash.slice(1)),thread=hit&&hit.closest('details');
  if(thread)thread.open=true;
  if(hit)hit.scrollIntoView({block:'center'});
}
var asked=new URLSearchParams(location.search).get('q')||'';
if(asked){
  doc.querySelector('input[type=search]').value=asked;
  search(asked);
}
window.addEventListener('hashchange',reveal);
reveal();
})();
