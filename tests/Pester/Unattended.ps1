# Runs a line on $nodes where nobody can be asked, and gives the errors that this ends in; nothing when it does not ask.
function Invoke-Unattended([string] $Line, [hashtable] $Variables = @{}) {
    $session = [powershell]::Create()
    try {
        foreach ($variable in ($Variables + @{ nodes = $nodes }).GetEnumerator()) {
            $session.Runspace.SessionStateProxy.SetVariable($variable.Key, $variable.Value)
        }
        $null = $session.AddScript("Import-Module '$env:SWARMOPS_MODULE'; $Line").Invoke()
        $session.Streams.Error | ForEach-Object { "$_" }
    }
    catch {
        "$($_.Exception.InnerException.Message)"
    }
    finally {
        $session.Dispose()
    }
}
