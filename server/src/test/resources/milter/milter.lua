-- What Debian's miltertest, an MTA that nobody here wrote, says to the service: scenarios of docs/milter.md.
-- Run with -D port=PORT, -D tagged=ADDRESS.

-- miltertest itself ends without a message
function fail(text)
    mt.echo(text)
    error(text)
end

function connect(client)
    conn = mt.connect("inet:" .. port .. "@127.0.0.1")
    if conn == nil then fail("no connection") end
    if mt.conninfo(conn, "client.example.com", client) ~= nil then fail("conninfo failed") end
    if mt.getreply(conn) ~= SMFIR_CONTINUE then fail("CONNECT was not continued") end
    if mt.helo(conn, "client.example.com") ~= nil then fail("helo failed") end
    if mt.getreply(conn) ~= SMFIR_CONTINUE then fail("HELO was not continued") end
    return conn
end

function mail(conn, from, reply)
    if mt.mailfrom(conn, from) ~= nil then fail("mailfrom failed") end
    if mt.getreply(conn) ~= SMFIR_CONTINUE then fail("MAIL was not continued: " .. from) end
end

function rcpt(conn, to, reply)
    if mt.rcptto(conn, to) ~= nil then fail("rcptto failed") end
    if mt.getreply(conn) ~= reply then fail("wrong reply to RCPT " .. to .. ": " .. mt.getreply(conn)) end
end

function content(conn, fields, text)
    if mt.data(conn) ~= nil then fail("data failed") end
    for _, field in ipairs(fields) do
        if mt.header(conn, field[1], field[2]) ~= nil then fail("header failed") end
    end
    if mt.eoh(conn) ~= nil then fail("eoh failed") end
    if mt.bodystring(conn, text) ~= nil then fail("body failed") end
    if mt.eom(conn) ~= nil then fail("eom failed") end
end

-- SPF pass: headers on top, forged ones of our name deleted, from the last to the first
conn = connect("192.0.2.10")
mail(conn, "<bob@example.net>")
rcpt(conn, "<alice@example.org>", SMFIR_CONTINUE)
content(conn, {
    {"Authentication-Results", "mx.example.org; spf=pass"},
    {"Authentication-Results", "other.example; spf=pass"},
    {"Authentication-Results", "MX.example.org; spf=pass"},
    {"Subject", "hello"}}, "hello\r\n")
if mt.getreply(conn) ~= SMFIR_CONTINUE then fail("the message was not accepted") end
if not mt.eom_check(conn, MT_HDRINSERT, "Authentication-Results") then fail("no Authentication-Results") end
if not mt.eom_check(conn, MT_HDRINSERT, "Received-SPF") then fail("no Received-SPF") end
if not mt.eom_check(conn, MT_HDRDELETE, "Authentication-Results") then fail("forged field was kept") end
if mt.eom_check(conn, MT_RCPTDELETE, "<alice@example.org>") then fail("a recipient was deleted") end

-- the next message in the same connection: SPF fail for one recipient after another
mt.abort(conn)
mail(conn, "<carol@example.net>")
rcpt(conn, "<alice@example.org>", SMFIR_CONTINUE)
mt.disconnect(conn)
conn = connect("198.51.100.7")
mail(conn, "<bob@example.net>")
rcpt(conn, "<alice@example.org>", SMFIR_REPLYCODE)
rcpt(conn, "<bob@example.org>", SMFIR_REPLYCODE)
mt.disconnect(conn)

-- an untagged bounce is rejected by its content
conn = connect("198.51.100.7")
mail(conn, "<>")
rcpt(conn, "<alice@example.org>", SMFIR_CONTINUE)
content(conn, {{"Content-Type", "multipart/report; report-type=delivery-status"}}, "text\r\n")
if mt.getreply(conn) ~= SMFIR_REPLYCODE then fail("the bounce was not rejected") end
mt.disconnect(conn)

-- a read receipt is accepted
conn = connect("198.51.100.7")
mail(conn, "<>")
rcpt(conn, "<alice@example.org>", SMFIR_CONTINUE)
content(conn, {{"Content-Type", "multipart/report; report-type=disposition-notification"}}, "text\r\n")
if mt.getreply(conn) ~= SMFIR_CONTINUE then fail("the read receipt was not accepted") end
mt.disconnect(conn)

-- a genuine bounce loses its tag
conn = connect("198.51.100.7")
mail(conn, "<>")
rcpt(conn, "<" .. tagged .. ">", SMFIR_CONTINUE)
content(conn, {{"Content-Type", "multipart/report; report-type=delivery-status"}}, "text\r\n")
if mt.getreply(conn) ~= SMFIR_CONTINUE then fail("the genuine bounce was not accepted") end
if not mt.eom_check(conn, MT_RCPTDELETE, "<" .. tagged .. ">") then fail("the tagged recipient was kept") end
if not mt.eom_check(conn, MT_RCPTADD, "<alice@example.org>") then fail("the recipient is missing") end
mt.disconnect(conn)

-- mail of an authenticated user is accepted without a check; miltertest 1.6 cannot see that its sender is changed
conn = connect("198.51.100.7")
mt.macro(conn, SMFIC_MAIL, "i", "Q1", "{auth_authen}", "alice")
mail(conn, "<alice@example.org>")
rcpt(conn, "<dest@example.net>", SMFIR_CONTINUE)
content(conn, {{"From", "alice@example.org"}}, "hello\r\n")
if mt.getreply(conn) ~= SMFIR_CONTINUE then fail("our own mail was not accepted") end
if mt.eom_check(conn, MT_HDRINSERT) then fail("our own mail was checked") end
mt.disconnect(conn)
