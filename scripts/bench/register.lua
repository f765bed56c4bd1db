-- Each request is the form of one person: a line of the file is the key of a session of theirs.
-- Arguments: the file, the form's body.
local number = 0
function setup(thread)
  thread:set("place", number)
  number = number + 1
end

local people, at = {}, 0
function init(args)
  local n = 0
  for line in io.lines(args[1]) do
    if n % 2 == place then people[#people + 1] = line end
    n = n + 1
  end
  form = args[2]
end

-- Who is through begins anew, and the caller sees it by what is in the database.
function request()
  at = at % #people + 1
  local session = people[at]
  wrk.headers["Cookie"] = "__Host-sessionid=" .. session .. "; __Host-csrftoken=0123456789abcdef0123456789abcdef"
  return wrk.format("POST", nil, nil, form)
end

local directory = debug.getinfo(1, "S").source:sub(2):match("(.*/)")
dofile(directory .. "summary.lua")
