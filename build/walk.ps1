# The task walk, and what the suite Walk runs: tests/Walk takes random steps on a lab of its own.

function Invoke-WalkTask {
    Invoke-BuildTask
    Build-Test
    $obstacle = Get-LabObstacle @(if ($Ec2) { '--ec2' })
    if ($obstacle) {
        Stop-Build "The walk cannot run: $obstacle"
    }
    Remove-LeftLab
    $outcome.ExitCode = Invoke-Walk $Minutes $Galera
}

# Prints the walk, and gives its exit code.
function Invoke-Walk([double] $Length, [string] $Database) {
    $arguments = Get-WalkArgument $Length $Database
    & dotnet @arguments | Out-Default
    $LASTEXITCODE
}

function Get-WalkArgument([double] $Length, [string] $Database, [int] $UsualSeed = 0) {
    $first = if ($Seed -gt 0) { $Seed } else { $UsualSeed }
    'exec'
    Get-TestAssembly 'Walk'
    '--minutes', $Length.ToString([cultureinfo]::InvariantCulture)
    if ($first -gt 0) { '--seed', "$first" }
    if ($Database -eq 'On' -or ($Database -eq 'Auto' -and $Length -ge 10)) { '--galera' }
    if ($Ec2) { '--ec2' }
    if ($KeepLab) { '--keep-lab' }
}
