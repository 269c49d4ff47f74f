# Ctrl+C, SIGTERM and SIGHUP stop the tasks, and what they put up comes down. PowerShell itself ends at once on the last two, without any finally.

$signalNumbers = [ordered]@{ SIGINT = 2; SIGTERM = 15; SIGHUP = 1 }

# Runs a script of this scope whose output is shown. When a signal ended it this process ends with that signal's code; a second signal does not wait.
function Invoke-Stoppable([scriptblock] $Script) {
    $shell = [powershell]::Create([System.Management.Automation.RunspaceMode]::CurrentRunspace)
    $null = $shell.AddScript("& { $Script } 2>&1 | Out-Default")
    $received = [ordered]@{}
    $registrations = @()
    try {
        foreach ($signal in $signalNumbers.Keys) {
            $received[$signal] = [System.Threading.CancellationTokenSource]::new()
            $registrations += [System.Runtime.InteropServices.PosixSignalRegistration]::Create($signal, (New-StopHandler $shell $received[$signal]))
        }
        $null = $shell.Invoke()
    }
    finally {
        # A handler that is still at work keeps its registration from ending: the process ends them.
        foreach ($signal in $received.Keys) {
            if ($received[$signal].IsCancellationRequested) {
                # PowerShell stops this script too on Ctrl+C, and a script that is stopped has no exit code: the host is told it.
                $Host.SetShouldExit(128 + $signalNumbers[$signal])
                exit 128 + $signalNumbers[$signal]
            }
        }
        $registrations | ForEach-Object Dispose
    }
}

# Signals come on a thread of their own, where no script can run: the handler is compiled.
function New-StopHandler([powershell] $Shell, [System.Threading.CancellationTokenSource] $Received) {
    $expression = [System.Linq.Expressions.Expression]
    $context = $expression::Parameter([System.Runtime.InteropServices.PosixSignalContext])
    $source = $expression::Constant($Received)
    $body = $expression::Block(
        # Cancelled is what the signal does by itself: to end the process.
        $expression::Assign($expression::Property($context, 'Cancel'), $expression::Not($expression::Property($source, 'IsCancellationRequested'))),
        $expression::Call($source, [System.Threading.CancellationTokenSource].GetMethod('Cancel', [type[]] @())),
        $expression::Call($expression::Constant($Shell), [powershell].GetMethod('BeginStop'), $expression::Constant($null, [System.AsyncCallback]), $expression::Constant($null)))
    $expression::Lambda([System.Action[System.Runtime.InteropServices.PosixSignalContext]], $body, [System.Linq.Expressions.ParameterExpression[]] @($context)).Compile()
}
