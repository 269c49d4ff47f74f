# The task walk, and what the suite Walk runs: tests/Walk takes random steps on a lab of its own.

function Invoke-WalkTask {
    Invoke-BuildTask
    Build-Test
    $obstacle = Get-LabObstacle @(if ($Ec2) { '--ec2' })
    if ($obstacle) {
        Stop-Build "The walk cannot run: $obstacle"
    }
    Remove-LeftLab
    $code = Invoke-Walk $Minutes $Galera
    if ($code -ne 0) {
        exit $code
    }
}

# Prints the walk, and gives its exit code.
function Invoke-Walk([double] $Length, [string] $Database) {
    $arguments = Get-WalkArgument $Length $Database
    & dotnet @arguments | Out-Default
    $LASTEXITCODE
}

function Get-WalkArgument([double] $Length, [string] $Database, [int] $UsualSeed = 0) {
    $arguments = @('exec', (Get-TestAssembly 'Walk'), '--minutes', $Length.ToString([cultureinfo]::InvariantCulture))
    $first = if ($Seed -gt 0) { $Seed } else { $UsualSeed }
    if ($first -gt 0) {
        $arguments += '--seed', "$first"
    }
    if ($Database -eq 'On' -or ($Database -eq 'Auto' -and $Length -ge 10)) {
        $arguments += '--galera'
    }
    if ($Ec2) {
        $arguments += '--ec2'
    }
    if ($KeepLab) {
        $arguments += '--keep-lab'
    }
    $arguments
}
